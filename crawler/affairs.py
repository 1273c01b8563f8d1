"""What a case is about, as the few words that tell it from another: "jual beli jabatan"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# The matter follows one of these, up to a word that begins something else.
OPENING = re.compile(
    r"\b(?:kasus|perkara|dugaan|terkait|suap|(?<!pemberantasan )korupsi|gratifikasi"
    r"|pemerasan|pemotongan|sidang|fee|penyalahgunaan|dalam) (?=[a-z])"
)
# fmt: off
SKIPPED = frozenset("""
    dugaan kasus perkara tindak pidana korupsi suap penyuapan gratifikasi penerimaan terkait dalam
    praktik tipikor tpk dan hadiah janji atau uang tersebut ini itu berupa fee jatah skandal
    pemberian aliran lanjutan perdana sidang pengaturan atas soal mengenai hal penyalahgunaan
""".split())
GENERIC = frozenset("""
    proyek pengadaan pembangunan dana pekerjaan kegiatan program anggaran dinas umum daerah barang
    jasa rumah sakit kelas bantuan pengelolaan pelaksanaan paket tahap milik negara kelompok
    masyarakat sosial pemerasan pemotongan tppu pencucian izin pengurusan penyaluran peningkatan
    pemeliharaan rehabilitasi lahan gedung dugaan suap korupsi gratifikasi kasus perkara jual beli
""".split())
STOPPED = frozenset("""
    di oleh yang pada senilai sebesar tahun dari untuk kepada dengan ke bupati wali gubernur wakil
    eks mantan kepala ketua anggota sebagai saat agar karena setelah usai yaitu yakni adalah lewat
    menjerat jerat menyeret seret libatkan melibatkan tersangka terdakwa saksi kuasa penyidik hakim
    jaksa majelis lingkungan pemerintah kabupaten kota provinsi pemkab pemkot pemprov periode apbd
    rp hingga sampai serta juga telah akan masih tidak bukan ia mereka akui potong setor nilai dia
    para seorang dua tiga empat lima oknum sejumlah tahanan melalui bagi kpk jpu pengadilan digelar
    dilanjutkan ditahan diperiksa mendakwa divonis dituntut menilai selain antara lain bersama
    keterangan agenda pembacaan pemeriksaan penyidikan sebelumnya hari putusan dakwaan persidangan
    majelis pembuktian tuntutan vonis lima penjara denda pidana pasal undang hukum perbuatan sini
    sana mana waktu rangka konferensi perumahan keadaan kondisi operasi giat kurun perkembangan
    proses upaya jabatannya kapasitas kedudukan mobil tas koper ruang rumahnya amar surat nota
    seusai selama sesudah sejak ketika terhadap bernilai lalu kini langsung resmi ikut
    kesempatan jumpa acara pertemuan fakta pledoi pleidoi eksepsi rutan lapas
""".split())
# fmt: on
# The bare offences; they tell a case only beside an office.
KINDS = {
    "pemerasan": re.compile(r"\b(?:pemerasan|(?:me|di)?peras|memeras)\b"),
    "gratifikasi": re.compile(r"\bgratifikasi\b"),
    "suap": re.compile(r"\b(?:suap|penyuapan|menyuap|disuap)\b"),
    "pencucian uang": re.compile(r"\b(?:pencucian uang|tppu)\b"),
    "tangkap tangan": re.compile(r"\b(?:tangkap tangan|tertangkap tangan|ott)\b"),
}
# Matters with a name of their own, and the words by which suspects hid one.
IDIOM = re.compile(
    r"\b(?:uang ketok palu|jatah preman|ijon proyek|jual beli jabatan|pokok pikiran|dana hibah"
    r"|pengisian jabatan|promosi jabatan|lelang jabatan|mutasi jabatan|setoran triwulan)\b"
)
CODE_WORD = re.compile(
    r"\b(?:istilah|kode|sandi|disebut|dikenal|dijuluki)\w*\b[^.\"“]{0,40}[\"“]([^\"”]{5,30})[\"”]"
)
VERB = re.compile(r"(?:me(?:ng|m|n|ny)|di(?!gital))\w{4,}")
WORD = re.compile(r"\w+")
MAX_WORDS = 6


def affairs_in(folded: str, places: Iterable[str] = ()) -> tuple[str, ...]:
    """The matters a folded sentence speaks of, each as its two to six telling words in order.
    places are cut off: "jual beli jabatan muara contoh" is the same matter."""
    names = {word for place in places for word in place.split()}
    found: dict[str, None] = {}
    for opening in OPENING.finditer(folded):
        words = list(_telling(folded[opening.end() : opening.end() + 120], names))
        if len(words) >= 2 and is_telling(words):
            found.setdefault(" ".join(words))
    for idiom in IDIOM.finditer(folded):
        found.setdefault(idiom[0])
    for code in CODE_WORD.finditer(folded):
        words = WORD.findall(code[1])
        if len(words) == 2 and is_telling(words):
            found.setdefault(" ".join(words))
    return tuple(found)


def kinds_in(folded: str) -> tuple[str, ...]:
    """The bare offences named: "suap", "pemerasan" .."""
    return tuple(kind for kind, pattern in KINDS.items() if pattern.search(folded))


def is_telling(words: Iterable[str]) -> bool:
    """Whether the words hold one that not every affair has."""
    wanted = set(words)
    return bool(wanted - GENERIC) or {"jual", "beli"} <= wanted


def speaks_of(affair: str, words: frozenset[str]) -> bool:
    """Whether a sentence, given as its words, is about a matter: two of the matter's words, one of
    them telling."""
    wanted = set(affair.split())
    met = wanted & words
    telling = met - GENERIC
    return len(met) >= 2 and (len(telling) >= 1 or {"jual", "beli"} <= met)


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two cases' matters share a telling word."""
    mine = {word for affair in one for word in affair.split()} - GENERIC
    theirs = {word for affair in other for word in affair.split()} - GENERIC
    return bool((mine & theirs) - set(" ".join(KINDS).split()))


def _telling(text: str, names: set[str]) -> Iterator[str]:
    end = re.search(r"[,.;:!?–—\"“”]", text)
    count = 0
    for match in WORD.finditer(text[: end.start()] if end else text):
        word = match[0]
        if word in STOPPED or word in names or word.isdigit() or VERB.match(word):
            return
        if count == MAX_WORDS:
            return
        if word in SKIPPED:
            if count and word not in ("dan", "atau"):
                return
            continue
        count += 1
        yield word
