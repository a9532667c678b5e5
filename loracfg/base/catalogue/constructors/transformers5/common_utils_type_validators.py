"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_utils_type_validators. Made by `python -m loracfg.base.transcriber`."""
from .common_activations import ACT2FN
from loracfg.base.catalogue.stand_ins.configs import as_validated_field

@as_validated_field
def positive_int_field(value=None):
    if value is not None and (not isinstance(value, int) or not value > 0):
        raise ValueError(f'Value must be a positive integer, got {value}')

def interval(min=None, max=None, exclude_min=False, exclude_max=False):
    error_message = 'Value must be'
    if min is not None:
        if exclude_min:
            error_message += f' greater than {min}'
        else:
            error_message += f' greater or equal to {min}'
    if min is not None and max is not None:
        error_message += ' and'
    if max is not None:
        if exclude_max:
            error_message += f' smaller than {max}'
        else:
            error_message += f' smaller or equal to {max}'
    error_message += ', got {value}.'
    min = min if min is not None else float('-inf')
    max = max if max is not None else float('inf')

    @as_validated_field
    def _inner(value):
        min_valid = min <= value if not exclude_min else min < value
        max_valid = value <= max if not exclude_max else value < max
        if not (min_valid and max_valid):
            raise ValueError(error_message.format(value=value))
    return _inner

def is_divisible_by(divisor):

    @as_validated_field
    def _inner(value):
        if value % divisor != 0:
            raise ValueError(f'Value has to be divisible by {divisor} but got value={value}')
    return _inner

@as_validated_field
def activation_fn_key(value):
    if len(ACT2FN) > 0:
        if value not in ACT2FN:
            raise ValueError(f'Value must be one of {list(ACT2FN.keys())}, got {value}. Make sure to use a string that corresponds to an activation function.')
