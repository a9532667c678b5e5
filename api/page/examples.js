// Written by docs/generate.py: bodies of requests that validate small adapters.

export const EXAMPLES = [
  {
    "title": "one that fits",
    "body": {
      "name": "example",
      "files": {},
      "config": "{\n  \"alora_invocation_tokens\": null,\n  \"alpha_pattern\": {},\n  \"arrow_config\": null,\n  \"auto_mapping\": null,\n  \"base_model_name_or_path\": \"example/llama\",\n  \"bias\": \"none\",\n  \"corda_config\": null,\n  \"ensure_weight_tying\": false,\n  \"eva_config\": null,\n  \"exclude_modules\": null,\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"kasa_config\": null,\n  \"layer_replication\": null,\n  \"layers_pattern\": null,\n  \"layers_to_transform\": null,\n  \"loftq_config\": {},\n  \"lora_alpha\": 8,\n  \"lora_bias\": false,\n  \"lora_dropout\": 0.0,\n  \"lora_ga_config\": null,\n  \"megatron_config\": null,\n  \"megatron_core\": \"megatron.core\",\n  \"modules_to_save\": null,\n  \"monteclora_config\": null,\n  \"peft_type\": \"LORA\",\n  \"peft_version\": \"0.21.2\",\n  \"qalora_group_size\": 16,\n  \"r\": 4,\n  \"rank_pattern\": {},\n  \"revision\": null,\n  \"target_modules\": [\n    \"q_proj\",\n    \"v_proj\"\n  ],\n  \"target_parameters\": null,\n  \"task_type\": \"CAUSAL_LM\",\n  \"trainable_token_indices\": null,\n  \"use_bdlora\": null,\n  \"use_dora\": false,\n  \"use_qalora\": false,\n  \"use_rslora\": false,\n  \"velora_config\": null\n}",
      "weights": {
        "head": "OQQAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFswLCAyNTZdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjAuc2VsZl9hdHRuLnFfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMjQsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzI1NiwgNjQwXX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFs2NDAsIDg5Nl19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4udl9wcm9qLmxvcmFfQi53ZWlnaHQiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFsxMiwgNF0sICJkYXRhX29mZnNldHMiOiBbODk2LCAxMDg4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxMDg4LCAxMzQ0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzI0LCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxMzQ0LCAxNzI4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxNzI4LCAxOTg0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzEyLCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxOTg0LCAyMTc2XX19",
        "size": 3265,
        "file": "adapter_model.safetensors"
      },
      "base": {
        "name": "config.json",
        "config": "{\n  \"architectures\": [\n    \"LlamaForCausalLM\"\n  ],\n  \"model_type\": \"llama\",\n  \"hidden_size\": 16,\n  \"intermediate_size\": 20,\n  \"num_attention_heads\": 4,\n  \"num_key_value_heads\": 2,\n  \"head_dim\": 6,\n  \"vocab_size\": 32,\n  \"num_hidden_layers\": 2,\n  \"tie_word_embeddings\": false\n}"
      },
      "options": {}
    }
  },
  {
    "title": "an edited rank",
    "body": {
      "name": "example",
      "files": {},
      "config": "{\n  \"alora_invocation_tokens\": null,\n  \"alpha_pattern\": {},\n  \"arrow_config\": null,\n  \"auto_mapping\": null,\n  \"base_model_name_or_path\": \"example/llama\",\n  \"bias\": \"none\",\n  \"corda_config\": null,\n  \"ensure_weight_tying\": false,\n  \"eva_config\": null,\n  \"exclude_modules\": null,\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"kasa_config\": null,\n  \"layer_replication\": null,\n  \"layers_pattern\": null,\n  \"layers_to_transform\": null,\n  \"loftq_config\": {},\n  \"lora_alpha\": 8,\n  \"lora_bias\": false,\n  \"lora_dropout\": 0.0,\n  \"lora_ga_config\": null,\n  \"megatron_config\": null,\n  \"megatron_core\": \"megatron.core\",\n  \"modules_to_save\": null,\n  \"monteclora_config\": null,\n  \"peft_type\": \"LORA\",\n  \"peft_version\": \"0.21.2\",\n  \"qalora_group_size\": 16,\n  \"r\": 8,\n  \"rank_pattern\": {},\n  \"revision\": null,\n  \"target_modules\": [\n    \"q_proj\",\n    \"v_proj\"\n  ],\n  \"target_parameters\": null,\n  \"task_type\": \"CAUSAL_LM\",\n  \"trainable_token_indices\": null,\n  \"use_bdlora\": null,\n  \"use_dora\": false,\n  \"use_qalora\": false,\n  \"use_rslora\": false,\n  \"velora_config\": null\n}",
      "weights": {
        "head": "OQQAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFswLCAyNTZdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjAuc2VsZl9hdHRuLnFfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMjQsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzI1NiwgNjQwXX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFs2NDAsIDg5Nl19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4udl9wcm9qLmxvcmFfQi53ZWlnaHQiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFsxMiwgNF0sICJkYXRhX29mZnNldHMiOiBbODk2LCAxMDg4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxMDg4LCAxMzQ0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzI0LCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxMzQ0LCAxNzI4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxNzI4LCAxOTg0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzEyLCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxOTg0LCAyMTc2XX19",
        "size": 3265,
        "file": "adapter_model.safetensors"
      },
      "base": {
        "name": "config.json",
        "config": "{\n  \"architectures\": [\n    \"LlamaForCausalLM\"\n  ],\n  \"model_type\": \"llama\",\n  \"hidden_size\": 16,\n  \"intermediate_size\": 20,\n  \"num_attention_heads\": 4,\n  \"num_key_value_heads\": 2,\n  \"head_dim\": 6,\n  \"vocab_size\": 32,\n  \"num_hidden_layers\": 2,\n  \"tie_word_embeddings\": false\n}"
      },
      "options": {}
    }
  },
  {
    "title": "a misspelt module",
    "body": {
      "name": "example",
      "files": {},
      "config": "{\n  \"alora_invocation_tokens\": null,\n  \"alpha_pattern\": {},\n  \"arrow_config\": null,\n  \"auto_mapping\": null,\n  \"base_model_name_or_path\": \"example/llama\",\n  \"bias\": \"none\",\n  \"corda_config\": null,\n  \"ensure_weight_tying\": false,\n  \"eva_config\": null,\n  \"exclude_modules\": null,\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"kasa_config\": null,\n  \"layer_replication\": null,\n  \"layers_pattern\": null,\n  \"layers_to_transform\": null,\n  \"loftq_config\": {},\n  \"lora_alpha\": 8,\n  \"lora_bias\": false,\n  \"lora_dropout\": 0.0,\n  \"lora_ga_config\": null,\n  \"megatron_config\": null,\n  \"megatron_core\": \"megatron.core\",\n  \"modules_to_save\": null,\n  \"monteclora_config\": null,\n  \"peft_type\": \"LORA\",\n  \"peft_version\": \"0.21.2\",\n  \"qalora_group_size\": 16,\n  \"r\": 4,\n  \"rank_pattern\": {},\n  \"revision\": null,\n  \"target_modules\": [\n    \"q_proj\",\n    \"v_prj\"\n  ],\n  \"target_parameters\": null,\n  \"task_type\": \"CAUSAL_LM\",\n  \"trainable_token_indices\": null,\n  \"use_bdlora\": null,\n  \"use_dora\": false,\n  \"use_qalora\": false,\n  \"use_rslora\": false,\n  \"velora_config\": null\n}",
      "weights": {
        "head": "OQQAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFswLCAyNTZdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjAuc2VsZl9hdHRuLnFfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMjQsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzI1NiwgNjQwXX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFs2NDAsIDg5Nl19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4udl9wcm9qLmxvcmFfQi53ZWlnaHQiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFsxMiwgNF0sICJkYXRhX29mZnNldHMiOiBbODk2LCAxMDg4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxMDg4LCAxMzQ0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzI0LCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxMzQ0LCAxNzI4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxNzI4LCAxOTg0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzEyLCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxOTg0LCAyMTc2XX19",
        "size": 3265,
        "file": "adapter_model.safetensors"
      },
      "base": {
        "name": "config.json",
        "config": "{\n  \"architectures\": [\n    \"LlamaForCausalLM\"\n  ],\n  \"model_type\": \"llama\",\n  \"hidden_size\": 16,\n  \"intermediate_size\": 20,\n  \"num_attention_heads\": 4,\n  \"num_key_value_heads\": 2,\n  \"head_dim\": 6,\n  \"vocab_size\": 32,\n  \"num_hidden_layers\": 2,\n  \"tie_word_embeddings\": false\n}"
      },
      "options": {}
    }
  },
  {
    "title": "missing layers",
    "body": {
      "name": "example",
      "files": {},
      "config": "{\n  \"alora_invocation_tokens\": null,\n  \"alpha_pattern\": {},\n  \"arrow_config\": null,\n  \"auto_mapping\": null,\n  \"base_model_name_or_path\": \"example/llama\",\n  \"bias\": \"none\",\n  \"corda_config\": null,\n  \"ensure_weight_tying\": false,\n  \"eva_config\": null,\n  \"exclude_modules\": null,\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"kasa_config\": null,\n  \"layer_replication\": null,\n  \"layers_pattern\": null,\n  \"layers_to_transform\": null,\n  \"loftq_config\": {},\n  \"lora_alpha\": 8,\n  \"lora_bias\": false,\n  \"lora_dropout\": 0.0,\n  \"lora_ga_config\": null,\n  \"megatron_config\": null,\n  \"megatron_core\": \"megatron.core\",\n  \"modules_to_save\": null,\n  \"monteclora_config\": null,\n  \"peft_type\": \"LORA\",\n  \"peft_version\": \"0.21.2\",\n  \"qalora_group_size\": 16,\n  \"r\": 4,\n  \"rank_pattern\": {},\n  \"revision\": null,\n  \"target_modules\": [\n    \"q_proj\",\n    \"v_proj\"\n  ],\n  \"target_parameters\": null,\n  \"task_type\": \"CAUSAL_LM\",\n  \"trainable_token_indices\": null,\n  \"use_bdlora\": null,\n  \"use_dora\": false,\n  \"use_qalora\": false,\n  \"use_rslora\": false,\n  \"velora_config\": null\n}",
      "weights": {
        "head": "KQIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFswLCAyNTZdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjAuc2VsZl9hdHRuLnFfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMjQsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzI1NiwgNjQwXX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFs2NDAsIDg5Nl19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4udl9wcm9qLmxvcmFfQi53ZWlnaHQiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFsxMiwgNF0sICJkYXRhX29mZnNldHMiOiBbODk2LCAxMDg4XX19",
        "size": 1649,
        "file": "adapter_model.safetensors"
      },
      "base": {
        "name": "config.json",
        "config": "{\n  \"architectures\": [\n    \"LlamaForCausalLM\"\n  ],\n  \"model_type\": \"llama\",\n  \"hidden_size\": 16,\n  \"intermediate_size\": 20,\n  \"num_attention_heads\": 4,\n  \"num_key_value_heads\": 2,\n  \"head_dim\": 6,\n  \"vocab_size\": 32,\n  \"num_hidden_layers\": 2,\n  \"tie_word_embeddings\": false\n}"
      },
      "options": {}
    }
  },
  {
    "title": "renamed tensors",
    "body": {
      "name": "example",
      "files": {},
      "config": "{\n  \"alora_invocation_tokens\": null,\n  \"alpha_pattern\": {},\n  \"arrow_config\": null,\n  \"auto_mapping\": null,\n  \"base_model_name_or_path\": \"example/llama\",\n  \"bias\": \"none\",\n  \"corda_config\": null,\n  \"ensure_weight_tying\": false,\n  \"eva_config\": null,\n  \"exclude_modules\": null,\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"kasa_config\": null,\n  \"layer_replication\": null,\n  \"layers_pattern\": null,\n  \"layers_to_transform\": null,\n  \"loftq_config\": {},\n  \"lora_alpha\": 8,\n  \"lora_bias\": false,\n  \"lora_dropout\": 0.0,\n  \"lora_ga_config\": null,\n  \"megatron_config\": null,\n  \"megatron_core\": \"megatron.core\",\n  \"modules_to_save\": null,\n  \"monteclora_config\": null,\n  \"peft_type\": \"LORA\",\n  \"peft_version\": \"0.21.2\",\n  \"qalora_group_size\": 16,\n  \"r\": 4,\n  \"rank_pattern\": {},\n  \"revision\": null,\n  \"target_modules\": [\n    \"q_proj\",\n    \"v_proj\"\n  ],\n  \"target_parameters\": null,\n  \"task_type\": \"CAUSAL_LM\",\n  \"trainable_token_indices\": null,\n  \"use_bdlora\": null,\n  \"use_dora\": false,\n  \"use_qalora\": false,\n  \"use_rslora\": false,\n  \"velora_config\": null\n}",
      "weights": {
        "head": "NQQAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi5xdWVyeS5sb3JhX0Eud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbNCwgMTZdLCAiZGF0YV9vZmZzZXRzIjogWzAsIDI1Nl19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4ucXVlcnkubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzI0LCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsyNTYsIDY0MF19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4udl9wcm9qLmxvcmFfQS53ZWlnaHQiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFs0LCAxNl0sICJkYXRhX29mZnNldHMiOiBbNjQwLCA4OTZdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjAuc2VsZl9hdHRuLnZfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMTIsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzg5NiwgMTA4OF19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMS5zZWxmX2F0dG4ucXVlcnkubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxMDg4LCAxMzQ0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xdWVyeS5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMjQsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzEzNDQsIDE3MjhdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjEuc2VsZl9hdHRuLnZfcHJvai5sb3JhX0Eud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbNCwgMTZdLCAiZGF0YV9vZmZzZXRzIjogWzE3MjgsIDE5ODRdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjEuc2VsZl9hdHRuLnZfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMTIsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzE5ODQsIDIxNzZdfX0=",
        "size": 3261,
        "file": "adapter_model.safetensors"
      },
      "base": {
        "name": "config.json",
        "config": "{\n  \"architectures\": [\n    \"LlamaForCausalLM\"\n  ],\n  \"model_type\": \"llama\",\n  \"hidden_size\": 16,\n  \"intermediate_size\": 20,\n  \"num_attention_heads\": 4,\n  \"num_key_value_heads\": 2,\n  \"head_dim\": 6,\n  \"vocab_size\": 32,\n  \"num_hidden_layers\": 2,\n  \"tie_word_embeddings\": false\n}"
      },
      "options": {}
    }
  },
  {
    "title": "a different base",
    "body": {
      "name": "example",
      "files": {},
      "config": "{\n  \"alora_invocation_tokens\": null,\n  \"alpha_pattern\": {},\n  \"arrow_config\": null,\n  \"auto_mapping\": null,\n  \"base_model_name_or_path\": \"example/llama\",\n  \"bias\": \"none\",\n  \"corda_config\": null,\n  \"ensure_weight_tying\": false,\n  \"eva_config\": null,\n  \"exclude_modules\": null,\n  \"fan_in_fan_out\": false,\n  \"inference_mode\": true,\n  \"init_lora_weights\": true,\n  \"kasa_config\": null,\n  \"layer_replication\": null,\n  \"layers_pattern\": null,\n  \"layers_to_transform\": null,\n  \"loftq_config\": {},\n  \"lora_alpha\": 8,\n  \"lora_bias\": false,\n  \"lora_dropout\": 0.0,\n  \"lora_ga_config\": null,\n  \"megatron_config\": null,\n  \"megatron_core\": \"megatron.core\",\n  \"modules_to_save\": null,\n  \"monteclora_config\": null,\n  \"peft_type\": \"LORA\",\n  \"peft_version\": \"0.21.2\",\n  \"qalora_group_size\": 16,\n  \"r\": 4,\n  \"rank_pattern\": {},\n  \"revision\": null,\n  \"target_modules\": [\n    \"q_proj\",\n    \"v_proj\"\n  ],\n  \"target_parameters\": null,\n  \"task_type\": \"CAUSAL_LM\",\n  \"trainable_token_indices\": null,\n  \"use_bdlora\": null,\n  \"use_dora\": false,\n  \"use_qalora\": false,\n  \"use_rslora\": false,\n  \"velora_config\": null\n}",
      "weights": {
        "head": "OQQAAAAAAAB7Il9fbWV0YWRhdGFfXyI6IHsiZm9ybWF0IjogInB0In0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFswLCAyNTZdfSwgImJhc2VfbW9kZWwubW9kZWwubW9kZWwubGF5ZXJzLjAuc2VsZl9hdHRuLnFfcHJvai5sb3JhX0Iud2VpZ2h0IjogeyJkdHlwZSI6ICJGMzIiLCAic2hhcGUiOiBbMjQsIDRdLCAiZGF0YV9vZmZzZXRzIjogWzI1NiwgNjQwXX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4wLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFs2NDAsIDg5Nl19LCAiYmFzZV9tb2RlbC5tb2RlbC5tb2RlbC5sYXllcnMuMC5zZWxmX2F0dG4udl9wcm9qLmxvcmFfQi53ZWlnaHQiOiB7ImR0eXBlIjogIkYzMiIsICJzaGFwZSI6IFsxMiwgNF0sICJkYXRhX29mZnNldHMiOiBbODk2LCAxMDg4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxMDg4LCAxMzQ0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi5xX3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzI0LCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxMzQ0LCAxNzI4XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9BLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzQsIDE2XSwgImRhdGFfb2Zmc2V0cyI6IFsxNzI4LCAxOTg0XX0sICJiYXNlX21vZGVsLm1vZGVsLm1vZGVsLmxheWVycy4xLnNlbGZfYXR0bi52X3Byb2oubG9yYV9CLndlaWdodCI6IHsiZHR5cGUiOiAiRjMyIiwgInNoYXBlIjogWzEyLCA0XSwgImRhdGFfb2Zmc2V0cyI6IFsxOTg0LCAyMTc2XX19",
        "size": 3265,
        "file": "adapter_model.safetensors"
      },
      "base": {
        "name": "config.json",
        "config": "{\n  \"architectures\": [\n    \"LlamaForCausalLM\"\n  ],\n  \"model_type\": \"llama\",\n  \"hidden_size\": 32,\n  \"intermediate_size\": 20,\n  \"num_attention_heads\": 4,\n  \"num_key_value_heads\": 2,\n  \"head_dim\": 6,\n  \"vocab_size\": 32,\n  \"num_hidden_layers\": 2,\n  \"tie_word_embeddings\": false\n}"
      },
      "options": {}
    }
  }
];
