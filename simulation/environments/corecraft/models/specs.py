"""What is known of a product's technique, by category."""

from typing import Annotated, Literal

from pydantic import Field

from simulation.values import Id, Ref, Value

Count = Annotated[int, Field(ge=0)]
Measure = Annotated[int | float, Field(ge=0)]
Scalar = str | bool | int | float
Listed = dict[str, Scalar | list[Scalar] | dict[str, Scalar]]


class Cpu(Value):
    socket: str
    cores: Count
    tdp_watts: Measure
    base_clock_ghz: Measure
    boost_clock_ghz: Measure


class DisplayOutputs(Value):
    hdmi: Count
    display_port: Count
    dvi: Count
    usbc: Count


class Gpu(Value):
    pcie: str
    recommended_psu_watts: Measure
    length_mm: Measure
    vram_gb: Measure
    base_clock_mhz: Measure
    boost_clock_mhz: Measure
    display_outputs: DisplayOutputs


class Motherboard(Value):
    socket: str
    chipset: str
    memory_type: str
    form_factor: str
    max_memory_mhz: Measure
    max_memory_slots: Count
    sata_ports: Count
    m2_slots: Count
    pcie_slots: Count


class Memory(Value):
    type: str
    speed_mhz: Measure
    capacity_gb: Measure
    modules: Count


class Storage(Value):
    interface: str
    capacity_gb: Measure
    form: str


class Psu(Value):
    wattage: Measure
    efficiency: str
    modularity: str
    gpu_connectors: Count


class Case(Value):
    supported_form_factors: list[str]
    gpu_max_length_mm: Measure
    cooler_max_height_mm: Measure


class Cooling(Value):
    type: str
    height_mm: Measure
    radiator_size_mm: Measure | None = None


class Prebuilt(Value):
    """A machine that is sold assembled; workstations are described in the same way."""

    series: str
    base_build_id: Annotated[Id, Ref("build")] | None = None


class Component(Value):
    component_id: Annotated[Id, Ref("product")]
    qty: Annotated[int, Field(ge=1)]


class Discount(Value):
    type: Literal["percent", "fixed"]
    value: Measure


class Bundle(Value):
    """Parts that are sold together; the discount is taken off the sum of their prices."""

    components: list[Component]
    discount: Discount


class Specs(Value):
    """The specifications of a product, under the name of its category."""

    cpu: Cpu | None = None
    gpu: Gpu | None = None
    motherboard: Motherboard | None = None
    memory: Memory | None = None
    storage: Storage | None = None
    psu: Psu | None = None
    case: Case | None = None
    cooling: Cooling | None = None
    prebuilt: Prebuilt | None = None
    bundle: Bundle | None = None
    monitor: Listed | None = None
    keyboard: Listed | None = None
    mouse: Listed | None = None
    headset: Listed | None = None
    networking: Listed | None = None
    cable: Listed | None = None
    accessory: Listed | None = None
