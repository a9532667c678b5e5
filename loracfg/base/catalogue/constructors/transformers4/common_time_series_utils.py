"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): common_time_series_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.unknown import Unknown
NegativeBinomial = Unknown('torch.distributions.NegativeBinomial')
Normal = Unknown('torch.distributions.Normal')
StudentT = Unknown('torch.distributions.StudentT')

class ParameterProjection(nn.Module):

    def __init__(self, in_features, args_dim, domain_map, **kwargs):
        super().__init__(**kwargs)
        self.args_dim = args_dim
        self.proj = nn.ModuleList([nn.Linear(in_features, dim) for dim in args_dim.values()])
        self.domain_map = domain_map

class LambdaLayer(nn.Module):

    def __init__(self, function):
        super().__init__()
        self.function = function

class DistributionOutput:

    def __init__(self, dim=1):
        self.dim = dim
        self.args_dim = {k: dim * self.args_dim[k] for k in self.args_dim}

    @property
    def event_shape(self):
        return () if self.dim == 1 else (self.dim,)

    def get_parameter_projection(self, in_features):
        return ParameterProjection(in_features=in_features, args_dim=self.args_dim, domain_map=LambdaLayer(self.domain_map))

    def domain_map(self, *args):
        raise NotImplementedError()

    @staticmethod
    def squareplus(x):
        return (x + torch.sqrt(torch.square(x) + 4.0)) / 2.0

class StudentTOutput(DistributionOutput):
    args_dim = {'df': 1, 'loc': 1, 'scale': 1}
    distribution_class = StudentT

    @classmethod
    def domain_map(cls, df, loc, scale):
        scale = cls.squareplus(scale).clamp_min(torch.finfo(scale.dtype).eps)
        df = 2.0 + cls.squareplus(df)
        return (df.squeeze(-1), loc.squeeze(-1), scale.squeeze(-1))

class NormalOutput(DistributionOutput):
    args_dim = {'loc': 1, 'scale': 1}
    distribution_class = Normal

    @classmethod
    def domain_map(cls, loc, scale):
        scale = cls.squareplus(scale).clamp_min(torch.finfo(scale.dtype).eps)
        return (loc.squeeze(-1), scale.squeeze(-1))

class NegativeBinomialOutput(DistributionOutput):
    args_dim = {'total_count': 1, 'logits': 1}
    distribution_class = NegativeBinomial

    @classmethod
    def domain_map(cls, total_count, logits):
        total_count = cls.squareplus(total_count)
        return (total_count.squeeze(-1), logits.squeeze(-1))
