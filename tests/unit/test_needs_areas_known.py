"""Small areas as R's emdi gives them for its 94 synthetic Austrian districts.

The tests of emdi (tests/testthat/FH, Mean ~ cash + self_empl) hold what its models give, not the direct
estimates these take. Those are found again from its REML output and the districts' means in its population;
where REML is greatest, and all of the adjusted output, are then ours to meet.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from tests.known import known_data, known_path

from jiedui.needs.areas import AreaEstimates, fay_herriot

Floats = npt.NDArray[np.float64]

SIGMA2 = {"reml": 1464703.7103426, "adjusted": 1621733.86263053}
SEARCHED = 5e-6
"""R's search for σ² stops at some 10⁻⁶ of it; estimates and errors move with it."""
PRINTED = """
14262.860 599208.97 14294.400 601273.76 | 21636.137 356058.98 21665.172 356145.46
12661.047 716987.93 12631.366 720568.82 | 11884.440 643775.47 11821.444 646096.42
32164.241 1309653.24 32264.252 1323865.49 | 22537.620 909154.50 22559.548 916073.47
23626.497 1074927.35 23683.681 1086657.01 | 22142.488 1061388.33 22115.805 1072724.17
23316.839 990414.31 23213.326 998709.93 | 15003.002 1287998.41 15021.284 1307650.00
30837.768 1572913.16 30927.469 1596669.86 | 51706.563 18488858.55 51988.952 18928149.85
18263.055 706526.52 18201.394 710205.43 | 9331.330 1013225.12 9314.916 1022392.70
17958.288 884647.19 18037.407 892117.03 | 19675.594 715851.40 19652.892 718006.86
10824.709 1182790.33 10810.317 1197691.45 | 20932.509 819047.75 20925.475 823984.31
36309.710 1500604.52 36282.690 1506847.95 | 18100.928 359171.25 18120.513 359345.96
16513.155 949623.80 16429.999 957656.51 | 15022.573 1330077.98 15070.104 1350381.52
16290.427 864004.47 16278.374 871215.44 | 12896.338 575233.60 12890.891 576933.18
8911.247 993173.71 9005.658 1001181.73 | 15781.291 723993.80 15831.851 727980.04
12104.303 971807.63 11994.680 981614.07 | 15121.044 583805.08 15090.656 585780.06
30119.831 1374710.29 30110.869 1391373.53 | 15868.437 378216.85 15871.422 378507.23
9073.381 809232.66 9083.939 813653.31 | 17311.044 967618.45 17269.007 977132.84
13034.283 465764.39 13020.018 466419.25 | 22336.913 934157.31 22318.365 940881.75
29208.650 1312938.23 29237.722 1327828.24 | 24929.778 1104466.13 25010.776 1116644.47
13877.294 1032037.45 13917.823 1043537.78 | 16359.075 1127857.09 16418.147 1142529.53
21159.124 890796.29 21199.871 897806.60 | 8945.172 237361.48 8938.974 236933.71
15740.832 888099.24 15752.100 895694.65 | 22039.105 897513.04 22081.851 903939.29
14534.524 1072507.63 14513.108 1085393.22 | 11981.389 674361.80 11985.697 677172.47
13792.840 829408.70 13798.856 835527.92 | 28481.971 1051773.89 28539.238 1060052.43
23059.160 483994.07 23004.662 484072.73 | 21855.012 1272895.98 21877.068 1290323.64
12480.222 557731.18 12492.827 559135.60 | 18303.897 808878.90 18294.525 814343.26
42355.345 2275310.33 42415.208 2295230.09 | 9318.671 534889.89 9305.285 535538.91
19487.575 645068.50 19458.816 647682.57 | 16181.510 690245.37 16231.382 693742.83
18483.070 824292.01 18522.834 829709.32 | 16431.596 1031311.62 16398.535 1040666.91
11933.369 463394.09 11919.526 463988.12 | 19360.891 672438.83 19262.535 675145.10
18704.509 1053607.14 18726.234 1064652.55 | 15442.961 529884.58 15503.284 530727.39
16478.701 404896.68 16503.422 404961.49 | 12486.991 937158.61 12420.560 944567.62
29654.101 1297666.20 29706.063 1309090.64 | 19118.817 453446.41 19122.183 454046.17
13834.498 762260.95 13887.440 766531.36 | 17011.613 580380.31 17046.415 581748.08
15643.032 884714.68 15635.880 891252.38 | 14579.431 814992.35 14591.481 820645.28
11670.273 968078.37 11641.797 977456.10 | 11855.396 836407.42 11818.171 841312.53
14868.569 972020.32 14863.293 981842.70 | 13668.493 660814.84 13712.877 663471.14
26408.034 1139781.69 26474.933 1151955.52 | 20345.346 1068585.75 20310.563 1080762.66
14532.880 608922.31 14545.987 611176.98 | 17391.321 1311847.76 17403.219 1332108.75
19875.871 823339.84 19883.281 829183.67 | 44310.216 3376030.64 44356.096 3387331.04
21816.134 1188492.80 21877.117 1204273.65 | 17401.878 732375.17 17383.338 735512.60
19590.736 505779.36 19598.901 506202.61 | 17204.883 843412.98 17229.481 849843.04
14232.453 1027023.60 14283.103 1037535.39 | 9489.156 516864.95 9445.409 517574.35
16561.685 1114305.27 16593.150 1126070.97 | 15642.134 640915.33 15638.027 643685.73
20563.451 949789.63 20507.870 956556.18 | 14691.027 504385.12 14692.401 505491.78
19736.205 450814.12 19715.156 451323.11 | 19117.482 940246.27 19122.045 949041.95
17484.061 896856.99 17489.360 904768.90 | 18867.294 994673.16 18807.180 1004604.35
10012.838 701181.84 9966.174 704318.76 | 10405.974 655222.53 10414.799 656801.72
"""
"""REML: estimate and mean squared error; adjusted REML of Li and Lahiri ("amrl"): the same; by district."""


def printed() -> Floats:
    cells = PRINTED.strip().replace("\n", "|").split("|")
    return np.array([[float(one) for one in cell.split()] for cell in cells])


def district_means() -> Floats:
    """Give intercept and covariates (94, 3); R puts a hyphen before every other sign."""
    import pyarrow.parquet as pq

    table = pq.read_table(known_path("eusilcA_pop.parquet"), columns=["district", "cash", "self_empl"])
    table = table.set_column(0, "district", table["district"].cast(pa.string()))
    means = table.group_by("district").aggregate([("cash", "mean"), ("self_empl", "mean")])
    rows = sorted(means.to_pylist(), key=lambda row: plain(row["district"]))
    return np.array([[1.0, row["cash_mean"], row["self_empl_mean"]] for row in rows])


def plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    return letters.lower().replace("-", "\0")


def errors(d: Floats, x: Floats, sigma2: float) -> Floats:
    """Compute g1 + g2 + 2 g3 of Prasad and Rao (1990)."""
    v = 1 / (sigma2 + d)
    h = np.einsum("ij,jk,ik->i", x, np.linalg.inv((x.T * v) @ x), x)
    out: Floats = sigma2 * d * v + (d * v) ** 2 * (h + 4 * v / (v @ v))
    return out


def recover(eblup: Floats, mse: Floats, x: Floats, sigma2: float) -> tuple[Floats, Floats]:
    """Find direct estimates and variances that REML turned into these estimates and errors."""
    from scipy.optimize import least_squares

    start = np.log(np.where(mse < 0.9 * sigma2, mse * sigma2 / np.maximum(sigma2 - mse, 1), 3e6))
    solved = least_squares(
        lambda log_d: np.log(errors(np.exp(log_d), x, sigma2) / mse),
        start,
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    d: Floats = np.exp(solved.x)
    assert np.abs(solved.fun).max() < 1e-9
    v, pull = 1 / (sigma2 + d), d / (sigma2 + d)
    synthetic = x @ np.linalg.inv((x.T * v) @ x) @ (x.T * v)
    pulled = np.diag(1 - pull) + pull[:, None] * synthetic
    return np.asarray(np.linalg.solve(pulled, eblup), np.float64), d


@known_data
def test_the_districts_of_emdi_come_out_by_reml_and_by_the_adjusted_likelihood() -> None:
    published, x = printed(), district_means()
    y, d = recover(published[:, 0], published[:, 1], x / x.max(axis=0), SIGMA2["reml"])
    areas = [f"{number:02d}" for number in range(1, 95)]
    direct = pa.table({"area": areas, "b": y, "var": d})
    covariates = pa.table({"area": areas, "cash": x[:, 1], "self_empl": x[:, 2]})
    assert_published(fay_herriot(direct, covariates), SIGMA2["reml"], published[:, :2])
    adjusted = fay_herriot(direct, covariates, method="adjusted")
    assert_published(adjusted, SIGMA2["adjusted"], published[:, 2:])


def assert_published(found: AreaEstimates, sigma2: float, published: Floats) -> None:
    assert found.sigma2_u == pytest.approx(sigma2, rel=SEARCHED)
    assert found.table["eblup"].to_pylist() == pytest.approx(published[:, 0].tolist(), rel=SEARCHED)
    assert found.table["mse"].to_pylist() == pytest.approx(published[:, 1].tolist(), rel=SEARCHED)
