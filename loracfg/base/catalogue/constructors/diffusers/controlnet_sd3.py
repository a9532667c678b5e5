"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): controlnet_sd3. Made by `python -m loracfg.base.transcriber`."""
from .attention import AttentionMixin, JointTransformerBlock
from .controlnet import zero_module
from .embeddings import CombinedTimestepTextProjEmbeddings, PatchEmbed
from .transformer_sd3 import SD3SingleTransformerBlock
from loracfg.base.catalogue.stand_ins.diffusers import ConfigMixin, ModelMixin, register_to_config
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import range

class SD3ControlNetModel(ModelMixin, AttentionMixin, ConfigMixin):

    @register_to_config
    def __init__(self, sample_size=128, patch_size=2, in_channels=16, num_layers=18, attention_head_dim=64, num_attention_heads=18, joint_attention_dim=4096, caption_projection_dim=1152, pooled_projection_dim=2048, out_channels=16, pos_embed_max_size=96, extra_conditioning_channels=0, dual_attention_layers=(), qk_norm=None, pos_embed_type='sincos', use_pos_embed=True, force_zeros_for_pooled_projection=True):
        super().__init__()
        default_out_channels = in_channels
        self.out_channels = out_channels if out_channels is not None else default_out_channels
        self.inner_dim = num_attention_heads * attention_head_dim
        if use_pos_embed:
            self.pos_embed = PatchEmbed(height=sample_size, width=sample_size, patch_size=patch_size, in_channels=in_channels, embed_dim=self.inner_dim, pos_embed_max_size=pos_embed_max_size, pos_embed_type=pos_embed_type)
        else:
            self.pos_embed = None
        self.time_text_embed = CombinedTimestepTextProjEmbeddings(embedding_dim=self.inner_dim, pooled_projection_dim=pooled_projection_dim)
        if joint_attention_dim is not None:
            self.context_embedder = nn.Linear(joint_attention_dim, caption_projection_dim)
            self.transformer_blocks = nn.ModuleList([JointTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim, context_pre_only=False, qk_norm=qk_norm, use_dual_attention=True if i in dual_attention_layers else False) for i in range(num_layers)])
        else:
            self.context_embedder = None
            self.transformer_blocks = nn.ModuleList([SD3SingleTransformerBlock(dim=self.inner_dim, num_attention_heads=num_attention_heads, attention_head_dim=attention_head_dim) for _ in range(num_layers)])
        self.controlnet_blocks = nn.ModuleList([])
        for _ in range(len(self.transformer_blocks)):
            controlnet_block = nn.Linear(self.inner_dim, self.inner_dim)
            controlnet_block = zero_module(controlnet_block)
            self.controlnet_blocks.append(controlnet_block)
        pos_embed_input = PatchEmbed(height=sample_size, width=sample_size, patch_size=patch_size, in_channels=in_channels + extra_conditioning_channels, embed_dim=self.inner_dim, pos_embed_type=None)
        self.pos_embed_input = zero_module(pos_embed_input)
        self.gradient_checkpointing = False
