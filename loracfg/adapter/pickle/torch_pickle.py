"""The globals in pickles of `torch.save`: storages, dtypes and functions that rebuild tensors.

Other globals are rejected. The list is that of `torch.load(weights_only=True)`
(`torch/_weights_only_unpickler.py`, 2.13), which PEFT uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from loracfg.adapter.header.dtype_names import SAFETENSORS_DTYPES
from loracfg.adapter.header.safetensors_file import DTYPE_BITS
from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.pickle.pickle_machine import Global, Mapping, Opaque, PickleError

MAX_DIMENSIONS: Final = 64
"""The maximum dimensions of a torch tensor."""

_MAX_SIZE: Final = 2**63 - 1

_STORAGE_DTYPES: Final = {
    "DoubleStorage": "F64",
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
    "ComplexFloatStorage": "C64",
    "ComplexDoubleStorage": "complex128",
    "QInt8Storage": "qint8",
    "QInt32Storage": "qint32",
    "QUInt8Storage": "quint8",
    "QUInt4x2Storage": "quint4x2",
    "QUInt2x4Storage": "quint2x4",
}
"""The dtypes of torch's storage classes, with torch's name if safetensors does not have one."""
_TORCH_DTYPES: Final = frozenset(
    ["complex32", "complex128", "qint8", "qint32", "quint8", "quint4x2", "quint2x4"]
    + ["bits8", "bits16", "bits1x8", "bits2x4", "bits4x2"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in range(1, 8)]
)
_TORCH_DTYPE_BYTES: Final = {
    "complex32": 4,
    "complex128": 16,
    "qint8": 1,
    "quint8": 1,
    "qint32": 4,
    "bits8": 1,
    "bits16": 2,
}

_TENSOR_MODULES: Final = ("torch", "torch.cuda", "torch.sparse", "torch.cuda.sparse")
_TENSOR_CLASSES: Final = frozenset(
    f"{kind}Tensor"
    for kind in (
        *("", "Double", "Float", "Half", "BFloat16", "Long"),
        *("Int", "Short", "Char", "Byte", "Bool"),
    )
)
_INERT: Final = frozenset(
    [
        ("_codecs", "encode"),
        ("builtins", "bytearray"),
        ("builtins", "set"),
        ("builtins", "complex"),
        ("torch", "device"),
        ("torch", "per_channel_affine"),
        ("torch", "per_channel_affine_float_qparams"),
        ("torch", "per_channel_symmetric"),
        ("torch", "per_tensor_affine"),
        ("torch", "per_tensor_symmetric"),
        ("torch._utils", "_rebuild_device_tensor_from_numpy"),
        ("torch.serialization", "_get_layout"),
        ("torch.storage", "TypedStorage"),
    ]
)
_UNTYPED: Final = Global("torch.storage", "UntypedStorage")
_FROM_TYPE: Final = Global("torch._tensor", "_rebuild_from_type_v2")

Layout = Literal["strided", "sparse", "meta"]
Args = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """The data of one or more tensors, with its key.

    `size` is in bytes; None if the size of an element is not a whole number of bytes. `typed` is
    false for `UntypedStorage`, which torch uses for newer dtypes (`float8_e4m3fn`, `uint16`).
    """

    key: str
    dtype: str
    size: int | None
    typed: bool


@dataclass(frozen=True, slots=True, eq=False)
class PickledTensor:
    """A tensor as described by the pickle.

    Its elements are between the bytes `begin` and `end` of `storage`; `end` is None if unknown.
    Neighbours along each axis are `strides` elements apart.
    """

    dtype: str
    shape: Shape
    layout: Layout = "strided"
    storage: Storage | None = None
    end: int | None = None
    begin: int = 0
    strides: Shape = ()


def allows(found: Global) -> bool:
    """Tell whether `torch.save` may write a global."""
    key = (found.module, found.name)
    return (
        key in _CALLS
        or key in _INERT
        or found in (_FROM_TYPE, _UNTYPED)
        or (found.module in ("torch", "torch.cuda") and found.name in _STORAGE_DTYPES)
        or (
            found.module == "torch"
            and (found.name in SAFETENSORS_DTYPES or found.name in _TORCH_DTYPES)
        )
        or (found.module in _TENSOR_MODULES and found.name in _TENSOR_CLASSES)
    )


def call(function: Global, args: Args) -> object:
    """Return the value that represents a call of an allowed global."""
    if function == _FROM_TYPE:
        function, args = _inner_call(args)
    if function == _UNTYPED or function.name in _STORAGE_DTYPES:
        raise PickleError(f"`{function}` is called")
    handler = _CALLS.get((function.module, function.name))
    return handler(args) if handler else Opaque(f"the result of `{function}`")


def load_storage(persistent_id: object, parts: int) -> Storage | Opaque:
    """Return the storage for a persistent id, which must have `parts` parts."""
    match persistent_id:
        case ("storage", *others) if len(others) + 1 != parts:
            raise PickleError(f"the id of a storage has {len(others) + 1} parts, not {parts}")
        case ("storage", Global(_, name) as kind, str(key), _, int(count), *_) if count >= 0:
            dtype = "U8" if kind == _UNTYPED else _STORAGE_DTYPES.get(name)
            if dtype is None:
                raise PickleError(f"a storage has the type `{kind}`")
            bytes_each = item_bytes(dtype)
            size = None if bytes_each is None else count * bytes_each
            return Storage(key, dtype, size, typed=kind != _UNTYPED)
        case ("module", Global() as kind, *_):
            return Opaque(f"the class `{kind}`")
    raise PickleError("a persistent id is not that of a storage")


def item_bytes(dtype: str) -> int | None:
    """Return the bytes of one element; None if it is not a whole number of bytes."""
    bits = DTYPE_BITS.get(dtype)
    if bits is None:
        return _TORCH_DTYPE_BYTES.get(dtype)
    return None if bits % 8 else bits // 8


def _inner_call(args: Args) -> tuple[Global, Args]:
    """Return the call that `_rebuild_from_type_v2` wraps: the tensor, without its attributes."""
    match args:
        case (Global() as function, _, tuple(inner), _) if function != _FROM_TYPE:
            return function, inner
    raise PickleError("a tensor with attributes does not contain a tensor")


def _strided(storage: Any, dtype: str, offset: Any, size: Any, stride: Any) -> PickledTensor:
    if type(storage) is not Storage or type(offset) is not int or offset < 0:
        raise PickleError("a tensor has no storage")
    shape, strides = _shape(size), _shape(stride)
    if len(shape) != len(strides):
        raise PickleError(f"a tensor has {len(shape)} sizes and {len(strides)} strides")
    span = 0
    if 0 not in shape:
        span = offset + 1 + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    bytes_each = item_bytes(dtype)
    end = None if bytes_each is None else span * bytes_each
    begin = offset * (bytes_each or 0)
    return PickledTensor(dtype, shape, storage=storage, end=end, begin=begin, strides=strides)


def _shape(value: Any) -> Shape:
    if type(value) is not tuple or len(value) > MAX_DIMENSIONS:
        raise PickleError("a tensor has no shape")
    for size in value:
        if type(size) is not int or not 0 <= size <= _MAX_SIZE:
            raise PickleError("a tensor has an invalid size")
    return value


def _dtype(value: Any) -> str:
    if type(value) is Global and value.module == "torch":
        if value.name in SAFETENSORS_DTYPES:
            return SAFETENSORS_DTYPES[value.name]
        if value.name in _TORCH_DTYPES:
            return value.name
    raise PickleError("a tensor has no dtype")


def _rebuild_tensor(args: Args) -> PickledTensor:
    storage, offset, size, stride, *_ = args
    dtype = storage.dtype if type(storage) is Storage else ""
    return _strided(storage, dtype, offset, size, stride)


def _rebuild_tensor_v2(args: Args) -> PickledTensor:
    requires_grad, _hooks, *metadata = args[4:]
    if type(requires_grad) is not bool or len(metadata) > 1:
        raise PickleError("a tensor is not described in torch's way")
    return _rebuild_tensor(args)


def _rebuild_tensor_v3(args: Args) -> PickledTensor:
    storage, offset, size, stride, _, _, dtype, *_ = args
    if dtype == Global("torch", "float4_e2m1fn_x2"):
        pairs = _strided(storage, "U8", offset, size, stride)
        shape = (*pairs.shape[:-1], 2 * pairs.shape[-1])  # safetensors counts elements, torch pairs
        return PickledTensor("F4", shape, storage=pairs.storage, end=pairs.end)
    return _strided(storage, _dtype(dtype), offset, size, stride)


def _rebuild_parameter(args: Args) -> PickledTensor | Opaque:
    data, *others = args
    if others and type(others[0]) is not bool:
        raise PickleError("a parameter's `requires_grad` is not true or false")
    return data if type(data) is PickledTensor else Opaque("a parameter without a tensor")


def _rebuild_sparse(args: Args) -> PickledTensor:
    _, parts = args
    # COO: indices, values, size[, coalesced]; compressed: two index tensors, values, size.
    compressed = len(parts) == 4 and type(parts[2]) is PickledTensor
    values, size = parts[2:4] if compressed else parts[1:3]
    if type(values) is not PickledTensor:
        raise PickleError("a sparse tensor has no values")
    return PickledTensor(values.dtype, _shape(size), layout="sparse")


def _rebuild_meta(args: Args) -> PickledTensor:
    dtype, size, *_ = args
    return PickledTensor(_dtype(dtype), _shape(size), layout="meta")


def _rebuild_wrapper(args: Args) -> PickledTensor:
    return _rebuild_meta(args[1:])


def _rebuild_from_cpu(args: Args) -> PickledTensor:
    tensor, dtype, *_ = args
    if type(tensor) is not PickledTensor:
        raise PickleError("a tensor of a device has no data")
    return PickledTensor(_dtype(dtype), tensor.shape)


def _rebuild_nested(args: Args) -> Opaque:
    return Opaque("a nested tensor")


def _size(args: Args) -> object:
    (sizes,) = args
    return sizes


def _mapping(args: Args) -> Mapping | Opaque:
    match args:
        case ():
            return Mapping()
        case (Mapping() as counts,):
            return counts
    return Opaque("a dict of pairs")


_CALLS: Final[dict[tuple[str, str], Callable[[Args], object]]] = {
    ("collections", "OrderedDict"): _mapping,
    ("collections", "Counter"): _mapping,
    ("torch", "Size"): _size,
    ("torch.nn.parameter", "Parameter"): _rebuild_parameter,
    ("torch._utils", "_rebuild_tensor"): _rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor_v2,
    ("torch._utils", "_rebuild_tensor_v3"): _rebuild_tensor_v3,
    ("torch._utils", "_rebuild_qtensor"): _rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): _rebuild_parameter,
    ("torch._utils", "_rebuild_sparse_tensor"): _rebuild_sparse,
    ("torch._utils", "_rebuild_meta_tensor_no_storage"): _rebuild_meta,
    ("torch._utils", "_rebuild_wrapper_subclass"): _rebuild_wrapper,
    ("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"): _rebuild_from_cpu,
    ("torch._utils", "_rebuild_nested_tensor"): _rebuild_nested,
}
