// The Safetensors module.
