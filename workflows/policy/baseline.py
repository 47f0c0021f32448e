"""底数表 (S17): the figures a dossier must hold before anything is analysed.  Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """One figure; `required` ones must be there before the dossier is complete."""

    code: str
    name: str
    required: bool = True


BASELINE: tuple[Metric, ...] = (
    Metric("quota_leading", "领导职数（名）"),
    Metric("in_post_leading", "在编领导干部（名）"),
    Metric("over_quota", "超职数配备（名）"),
    Metric("staff_in_quota", "在编人数（名）"),
    Metric("promoted", "窗口期提任干部（人次）"),
    Metric("transferred", "窗口期调整干部（人次）"),
    Metric("exceptional", "破格、越级提拔（人次）"),
    Metric("on_probation", "试用期干部（名）"),
    Metric("probation_ended", "试用期满应考核（名）"),
    Metric("young_leading", "四十岁以下领导干部（名）"),
    Metric("archives_reviewed", "档案专项审核（卷）"),
    Metric("reported_matters_checked", "个人事项抽查核实（人次）"),
)
REQUIRED_CODES = tuple(metric.code for metric in BASELINE if metric.required)
