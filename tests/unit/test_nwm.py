import base64
import logging
import os
import pickle
import zlib

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.nwm import COLUMN, read_gauges, read_nwm

GAUGES = [1013500, 1022500, 10336660]
BASINS = ["01013500", "01022500", "10336660"]
AREAS = dict(zip(BASINS, (86.4, 86.4, 172.8), strict=True))
# Pickles (protocol 4, deflated, base 85) of what `tables` below makes, written by old
# versions of pandas: 0.20.3 with NumPy 1.13.3, 0.24.2 with 1.16.4, 1.5.3 with 1.23.5.
OLD = {
    "0.20.3": (
        "c-o~^&1(}u6yM!!lGawK#g-uWfrk<iqXm%)LO*FSYghb25aKdPCVfkjP2G>y)>c$#B`~*+2XEq^;"
        "K`f*4T1+xUiId|gExIMyJ<E_TU*>iX7<f{^WOXYesA+!fBhw`$fv-w?D!IK%EZf+>MqSyTvDT)_0"
        "ABV%*y>XKmUSnpkLA|qmi?rxWDcA)OASJ<E($GS}!fm6NfBNHw?>)`!ntSW%`7Axgzl}%@NC?E7l"
        "ER!vN@K$>v@p)T4Y(P+M9J!)rm+w~6bLRm^9(v{ZLI-wjGWhOne`<SdQpq{}uplubUZ7WpfFhi47"
        "dP&YXYvt-#{T@sx!?baCj7;1Q)VCp(IO*8)oANga9`@GmF;GO1!dF#%7lM^&B-4V!`!4`(GQ@izt"
        "rBmOoQN(3XHaQa+cACAwj&|CxX&8iya4FmjK}OUMC!5tL@Z}8C=HoT%OugPwvx4E%n&WZNu%Y^Vi"
        ";FI%Gm4^rZoHZ8Q<S@<)8EDV?$`UPbA93%vL@3jE`7{Rrul18b7+N0HXL>6d(^eDxq7AIQ6F1N%t"
        "(|Yfv65<WW7$^t&ys|MtOtjiz{Uh4_Vp@gE;GHLW3$3OPN-Y<!w={Vkn|1L@e+qvRfs-y&O3-f+9"
        "?XMbQH9#s<;ZlIT?07=>#c*ff!dKflMrwP!*gLGb!xFt7&)LP6(H5imkR)MQBnTTETfjb6!(hSDV"
        "{0uFsFRTM+v@q#p`mPs`b2M<|KZNath3{mVU1~$qX31dmGYL}=KuE-^l1|;yL<}4H~VkU;7Ii*&O"
        "`b17ifg?VNkO)XYZ!~;|ZltBY{be}zZ#luF*<?(<!CX{c-cZ44z|9Q~CfsiE4)+d5@}nIBe@4XV6"
        "X81WKLkQeMAYFWEJ?P&gSX(rN*5LI6xLw_o*fo(J<6Pg5y-Q&=cByq4rl5br@K<nb%VCs2cS#hdy"
        "M};i?29O@-s_$j4dik?9OdyA@*n6u~#DOPef}*a<ChBS~#Hg0S0s+5nZlF>wb4iOqq&*75JqWNYe"
        "dz&|*A%YD4}2s>zc>27HVM(3Z?T2$^L=oqdgTmNF7jXQB0*v<l?anDvLWYDOZm(hg11++Wy>+kF"
    ),
    "0.24.2": (
        "c-o~^%}*0S6z^`g1q2NeA&pTq9!!m~N;Jj;1{6eb?V=dN!8Ds`netY<Ti6e!C{Yh!NaiHtL680k-"
        "1N^d;pExGqX!S(^v%o`+EV$5d+6-EnfLK~zu()wHr{V`B;-@zS$1@uc(WwPm8w3?m3`t;&br1)NG"
        "9a_IzRV@FXO$GJ&Q)p1{?1?UPyh9RDzsKJTgc9fU};Pm1^l}UhS2CRwT+aJI>NY8sv&3z<h^nk3P"
        "32g$*5`ho$Q8BD0|q_j{2$UsLXGR0$p8`=o~XY@e2@UJ&|GDMS~Rk{3Daz;yD;IyVz5d`v6yw|ts"
        "sP0iF+I1I4VY*?EY5Sc!84eywmI!`j~CATc=?jL;Qk2w<Z;#vV?S~Gcj`jN#68kpgU7Fp3My0Me("
        "@L}mRbX<yk>60MGW5X8M^Xzb|4M9U6JJA?V0%;1j<#i**sCa@j^g~AAh2wR!N!*-bdcF~(!L;EPj"
        "0tof)4hO;2ANvOSGhnvmPsUxuWKJBx)X_qrNJL!{q$?&>g{fEjJhcMbb+&hxZE(HzJtiC<#IqnEH"
        "pXZP#)7f49~i}s_&ADvqbqCOWP$<0*c2`5jTny7><gNwU{0*af=x;2TaON(*oa#5mBy6l;tKS;d%"
        "?kI-<ts_lR0MM+G8+;g3MCB%w_n+?+urz*(UHtWcIjmN`pb$_-t~4JpYIB%eb!OBcm31iT>4>1U)"
        "8iGvx|>CX8!o?(MJi;;tJ#>TT$P;p9B3RdJ2Nh1;kQfoH$1xHg1Lw!tbmxe@6M*({W$t?+V#Y1;s"
        "AaDULDu>Iv>uGooUBE546Gt#j4eqT$UhoT3F|lypf(P(!FG3%0k@Yhs$rx2@@BfemPlQJWUV$r_f"
        "qD1{3lQ#TJ1jyCmf*!fyKBUmv#cWsN$6BPECNiXEpd9#cI)lNcZab5F}%IoBsG#_)rpW_R~$D%hg"
        "D}I+olLpS9F|irXvy4aV%all9qOK>S{ineavTXG7fIU>uxbsn>GB0zz@7=F5R6Py-p1h@}-H4eF("
        "`U2Xy${=s>rXw;`05Rnps(($mb8sY~f8>o;lD&15V{W&PeFQ`#a^n)?eYr`)I"
    ),
    "1.5.3": (
        "c-qxeO-~a+818Pjd<cY!s2G8mctK+tPimruuLhM3Yl0zOB$L_gl-aP|mfcyQMiM;~Xfij(gYo81@"
        "Z|6CS9tW`!JED_vn?%@U^tk#O?P%@-p}WG-hF3%_|%_K*SeVD7i%~y;ke*cBT^_wxIzRUEMkV2)b"
        "pXZ^<M0PorNkJk>Jyv=6=XX6yhK*RB(tlNE8b`ybx5q%@zF)?)*yXfdb!+k6Z*FMM+rmz0H6iSNc"
        "ff%VAQf)phhr5-=Y}5w1g26cMi)#w<!aCJl4SQ1E_;txOJuooR?g!xj5tRm|81{IYw3=6SBf>NVL"
        "3H_H!1^FW_xx$#Iij<ft5E_JgrOt{U(iA>k^YgVrVa{`X}fSdSGRtWXy;=uQaN-VR<u(m1h4IzP@"
        "=tinUc1T=saSZrgKq1*i&*UDs)7w1PdR9o60DVD6>6q+@j<@@PmuuX7-qpj~V?E5u9@YUD=j94oU"
        "2_DMRa>Ft(n<EfjZgI|4000YR|xbqrm8EZ8|^CR_{i}+sFvR4m%0d6Y(SJrglhGjBZ{5kygXUJ-X"
        "<wYGA29A&|aNYw3E%J^e%sWwKn3&#w7|XM<`fy>KKnu*P;m&DG?Y<>`CfQ0-9}{Gn5jE^{x4FX(*"
        "F<;Z1*+>*t?e?mZcj$Ge~nRF24&;McpbVX<1O<#J3I^q4Jb;TlazOuP?8KGq}=#gv6WxiF4W5UtT"
        "f6~eGm2(X;PjKR=B!ah_E@P>N4ii4oK9iviG1AzjHD8Md(i93iBmuB@m(>^*#hkJ-j4b5bG41T2Y"
        "x90SkS7ShL_S8JRLkmh1y~TSUgh?MtLAKhY3$&;mo>KdNBA60NPos_2=oXD=Oc~g{hX2mr0B_o+2"
        "L47j@R=0&@pPSN5n$Lk4ZXhiCR4@)1pJO~#t8&ezxiyM&Pvxbi)m*&X+AxRBzJ}zSaA3Rlb#ycKS"
        "Lu{qZOt<W|;Za5ahy*5JJAuA^(kR%=618e<Yi3xj0%T>f=ttSz;lDKh{v<+W"
    ),
}


def days(*text):
    return pd.DatetimeIndex(text, name="date")


def tables():
    """Three tables; the last misses a day and has its column between others."""
    calendar = pd.date_range("1995-10-01", periods=3)
    made = [pd.DataFrame({COLUMN: np.arange(3.0) * 1.5 + i}, calendar) for i in (0, 1)]
    last = {"station": ["a", "b"], COLUMN: [1.0, 2.0], "n": [3, 4], "z": [5.0, 6.0]}
    return [*made, pd.DataFrame(last, days("1995-10-01", "1995-10-03"))]


@pytest.fixture
def ids(tmp_path):
    path = tmp_path / "camels_id.npy"
    np.save(path, np.array(GAUGES))
    return path


@pytest.fixture
def read(tmp_path, ids):
    """Read a pickle, given as bytes or as what to pickle."""

    def read_it(content, areas=AREAS):
        path = tmp_path / "nwm_daily.pkl"
        if not isinstance(content, bytes):
            content = pickle.dumps(content)
        path.write_bytes(content)
        return read_nwm(path, ids, areas)

    return read_it


@pytest.fixture
def refuse(read, complaint, tmp_path):
    """Return what is said of a pickle, without the folder."""
    return lambda *a: complaint(read, *a).replace(f"{tmp_path}/", "")


def check(dates, discharge):
    assert dates.dtype == "datetime64[D]"
    assert dates.astype(str).tolist() == ["1995-10-01", "1995-10-02", "1995-10-03"]
    assert discharge.dtype == np.float32
    expected = [[0, 1.5, 3], [1, 2.5, 4], [0.5, np.nan, 1]]
    np.testing.assert_array_equal(discharge, np.float32(expected))


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_tables_of_the_installed_pandas(read, protocol):
    check(*read(pickle.dumps(tables(), protocol)))


@pytest.mark.parametrize("version", OLD)
def test_tables_of_old_versions_of_pandas(read, version):
    check(*read(zlib.decompress(base64.b85decode(OLD[version]))))


def test_basins_come_in_the_order_asked_for(read):
    discharge = read(tables(), {"10336660": 86.4, "01013500": 8.64})[1]
    np.testing.assert_allclose(discharge, [[1, np.nan, 2], [0, 15, 30]])
    areas = pd.Series({"10336660": 86.4, "01013500": 8.64})
    np.testing.assert_array_equal(read(tables(), areas)[1], discharge)


@pytest.mark.parametrize("kind", ["f4", ">f8", "i4", "u2"])
def test_other_kinds_of_numbers_and_layouts(read, kind):
    changed = tables()
    # Float columns at 1, 2 and 4 of one block, so that no slice tells their places.
    changed[2].insert(2, "y", [7.0, 8.0])
    changed[1] = changed[1].astype(kind)
    changed[0] = changed[0].sort_index(ascending=False)
    discharge = read(changed)[1]
    np.testing.assert_array_equal(discharge[0], [0, 1.5, 3])
    np.testing.assert_array_equal(discharge[1], changed[1][COLUMN].astype("f8"))
    np.testing.assert_array_equal(discharge[2], np.float32([0.5, np.nan, 1]))


def test_impossible_discharge_is_missing_and_said(read, caplog):
    changed = tables()
    changed[1][COLUMN] = [-999, np.inf, 4]
    with caplog.at_level(logging.WARNING):
        discharge = read(changed)[1]
    np.testing.assert_array_equal(discharge[1], [np.nan, np.nan, 4])
    assert caplog.messages == [
        "01022500: 2 of 3 days without possible discharge in the table of the NWM"
    ]


class Call:
    """Pickled as the call of a function."""

    def __init__(self, function, *arguments, state=None):
        self.parts = (function, arguments, state)

    def __reduce__(self):
        return self.parts


def named(module, name, text):
    """Pickle the call of a function with a text, without importing it."""
    content = b"\x80\x04" + b"".join(
        b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, name)
    )
    text = text.encode()
    return content + b"\x93\x8c" + bytes([len(text)]) + text + b"\x85R."


@pytest.mark.parametrize(
    ("protocol", "nested"), [(0, False), (2, False), (2, True), (4, False), (4, True)]
)
def test_a_command_is_not_run(refuse, tmp_path, protocol, nested):
    marker = tmp_path / "marker"
    call = Call(os.system, f"touch {marker}")
    if nested:
        changed = tables()
        changed[1].attrs["harm"] = [{"deep": call}]
        call = changed
    message = refuse(pickle.dumps(call, protocol))
    assert not marker.exists()
    assert message == (
        "nwm_daily.pkl: names posix.system, which no table of discharge needs, so "
        "nothing of it was loaded; get the file from its publisher."
    )


@pytest.mark.parametrize("function", [eval, exec, getattr, __import__, np.load])
def test_other_functions_are_not_called(refuse, tmp_path, function):
    marker = tmp_path / "marker"
    text = f"open({str(marker)!r}, 'w').close()"
    message = refuse(pickle.dumps(Call(function, text)))
    assert not marker.exists()
    if function is np.load:  # stands for nothing, so it is no list either
        assert message.startswith("nwm_daily.pkl: no list where ")
    else:
        assert f"names builtins.{function.__name__}, which" in message


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("numpy.testing._private.utils", "runstring"),
        ("pandas.io.common", "os.system"),
        ("pandas", "eval"),
        ("numpy", "__builtins__.eval"),
    ],
)
def test_functions_within_pandas_and_numpy_are_not_called(
    refuse, tmp_path, module, name
):
    marker = tmp_path / "marker"
    message = refuse(named(module, name, f"touch {marker}"))
    assert not marker.exists()
    assert message.startswith("nwm_daily.pkl: no list where ")


@pytest.mark.parametrize(
    "module", ["pandasql", "xpandas", "pandas.x-y", "", "numpy2.x"]
)
def test_names_that_resemble_permitted_ones_are_refused(refuse, module):
    assert f"names {module}.f, which" in refuse(named(module, "f", "x"))


def test_objects_outside_of_the_file_are_refused(refuse):
    assert "names the object 'x' outside of the file, which" in refuse(b"\x80\x04Px\n.")


def with_axes(axis):
    """Three tables, of which the first has this in the place of its axes."""
    manager = Call(pd.core.internals.managers.BlockManager, (), [axis, axis])
    return [Call(pd.DataFrame, state={"_mgr": manager}), *tables()[1:]]


def test_forged_dtype_does_not_reach_numpy(refuse):
    # NumPy's own classes make an array of this that reads at address 0x41414141….
    forged = Call(np.dtype, "O8", False, True)
    forged.parts = (*forged.parts[:2], (3, "|", None, None, None, -1, -1, 0))
    state = (1, (1,), forged, False, b"A" * 8)
    array = Call(np._core.multiarray._reconstruct, np.ndarray, (0,), b"b", state=state)
    assert refuse(with_axes(array)) == (
        "nwm_daily.pkl, table of gauge 01013500: this is no pandas table of days and "
        "numbers; download it again."
    )


def test_record_that_holds_itself_is_said(refuse):
    itself = Call(pd.Index, state={})
    itself.parts[2]["_data"] = itself
    assert "this is no pandas table of days" in refuse(with_axes(itself))


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x04cpandas\nX\n}b.",  # a state for the class itself
        b"\x80\x04cpandas\nX\n)\x81K\x01K\x02s.",  # an entry for a record
        b"\x80\x04K\x01)R.",  # the call of a number
        b"\x80\x04\x82\x01.",  # an unknown extension
        b"\x80\x04.",
        b"\x80\x7f]\x94.",
        b"YR MNTH DY\n",
        b"",
        # Room for as many objects as the index says would be taken: 32 GB.
        b"]r" + (4 * 10**9).to_bytes(4, "little") + b".",
        b"]p4000000000\n.",
        b"\x80\x05\x96" + (2**40).to_bytes(8, "little") + b"a.",
    ],
)
def test_damaged_pickle_is_said(refuse, content):
    message = refuse(content)
    assert message.startswith("nwm_daily.pkl: no whole pickle (")
    assert message.endswith("); download it again.")


def test_every_truncated_pickle_is_said(refuse):
    content = pickle.dumps(tables())
    for length in range(0, len(content), 23):
        assert "no whole pickle (" in refuse(content[:length])


def test_missing_file_and_folder_are_said(tmp_path, ids, complaint):
    path = tmp_path / "none.pkl"
    assert complaint(read_nwm, path, ids, AREAS) == (
        f"{path}: cannot be read (No such file or directory); make it a readable file."
    )
    message = complaint(read_nwm, tmp_path, ids, AREAS)
    assert message.startswith(f"{tmp_path}: cannot be read (Is a directory); ")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (dict.fromkeys(BASINS), "no list"),
        (tables()[0], "no list"),
        (tables()[:2], "2 tables"),
        ([], "0 tables"),
    ],
)
def test_other_structure_is_said(refuse, content, found):
    assert refuse(content) == (
        f"nwm_daily.pkl: {found} where camels_id.npy has 3 gauges; download both again."
    )


def at(stamps, **columns):
    return pd.DataFrame(columns or {COLUMN: np.arange(len(stamps)) * 1.0}, stamps)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (at(days("2000-01-01"), MOD_RUN=[1.0]), "no column NWM_RUN but MOD_RUN"),
        (at(days("2000-01-01", "2000-01-01")), "NWM_RUN is not one number a day, each"),
        (at(days("2000-01-01 01:00")), "NWM_RUN is not one number a day, each"),
        (at(days("2000-01-01", "NaT")), "NWM_RUN is not one number a day, each"),
        (at(days("1899-12-31")), "NWM_RUN is not one number a day, each"),
        (at(days()), "NWM_RUN is not one number a day, each"),
        (at(days("2000-01-01"), NWM_RUN=[1j]), "this is no pandas table of days"),
        (at(days("2000-01-01"), NWM_RUN=["1"]), "this is no pandas table of days"),
        (at(days("2000-01-01"), NWM_RUN=days("2000-01-01")), "NWM_RUN is not one"),
        (at([0]), "NWM_RUN is not one number a day, each"),
        (at(["2000-01-01"]), "this is no pandas table of days"),
        (at(days("2000-01-01"))[COLUMN], "this is no pandas table of days"),
        ([1.0, 2.0], "this is no pandas table of days"),
        (None, "this is no pandas table of days"),
    ],
)
def test_other_tables_are_said(refuse, table, fault):
    changed = tables()
    changed[1] = table
    message = refuse(changed)
    assert message.startswith(f"nwm_daily.pkl, table of gauge 01022500: {fault}")
    assert message.endswith("; download it again.")


def test_time_zones_are_refused(refuse):
    changed = tables()
    changed[1] = changed[1].tz_localize("UTC")
    assert "names datetime.timezone, which no table" in refuse(changed)


def test_tables_of_other_basins_are_not_looked_at(read):
    changed = tables()
    changed[1] = None
    dates, discharge = read(changed, {"01013500": 86.4})
    assert discharge.tolist() == [[0, 1.5, 3]]
    assert len(dates) == 3


def test_unknown_basin_and_impossible_area_are_said(refuse):
    assert refuse(tables(), {"01013501": 86.4}) == (
        "camels_id.npy: no gauge 01013501; remove it from the basin list."
    )
    for area in (0, -1.0, np.nan, np.inf):
        assert refuse(tables(), {"01013500": area}) == (
            f"Basin 01013500: {area} km² is no area of a catchment; correct its "
            "area_gages2."
        )


@pytest.mark.parametrize("kind", ["i8", "i4", ">i8", "u4", "f8"])
@pytest.mark.parametrize("shape", [3, (3, 1)])
def test_gauges(ids, kind, shape):
    np.save(ids, np.array(GAUGES, dtype=kind).reshape(shape))
    assert read_gauges(ids) == {basin: place for place, basin in enumerate(BASINS)}


def test_array_of_objects_is_not_loaded(ids, tmp_path, complaint):
    marker = tmp_path / "marker"
    np.save(ids, np.array([Call(os.system, f"touch {marker}")], dtype=object))
    message = complaint(read_gauges, ids)
    assert not marker.exists()
    assert message.startswith(f"{ids}: no array of gauge numbers (Object arrays cannot")
    assert message.endswith("; download it again.")


@pytest.mark.parametrize(
    "numbers", [[1.5], [np.nan], [np.inf], [-1], [10**8], ["01013500"], [True]]
)
def test_gauges_that_are_none_are_said(ids, complaint, numbers):
    np.save(ids, np.array(numbers))
    assert complaint(read_gauges, ids) == (
        f"{ids}: gauges must be whole numbers of up to eight digits; download it again."
    )


def test_repeated_gauge_is_said(ids, complaint):
    np.save(ids, np.array([1, 2, 1]))
    message = complaint(read_gauges, ids)
    assert message == f"{ids}: a gauge stands there twice; download it again."


@pytest.mark.parametrize("length", [0, 5, 40, 100, 140])
def test_truncated_gauges_are_said(ids, complaint, length):
    ids.write_bytes(ids.read_bytes()[:length])
    message = complaint(read_gauges, ids)
    assert message.startswith(f"{ids}: no array of gauge numbers (")


def test_missing_gauges_are_said(tmp_path, complaint):
    message = complaint(read_gauges, tmp_path / "none.npy")
    assert "none.npy: no array of gauge numbers ([Errno 2]" in message
