"""The small models that run on this machine: sentence vectors and the passage reader. ONNX Runtime, no network."""
