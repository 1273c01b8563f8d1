"""Relevance: what counts, what is only named by the way, and what merely looks like the KPK."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.relevance import ABOUT, Judgement, judge
from crawler.terms import load_vocabulary
from tests.local_web import FIXTURES

KPK = load_vocabulary()
ON = date(2025, 6, 15)


def judged(title: str, *paragraphs: str, on: date = ON) -> Judgement:
    return judge(title, paragraphs, KPK, on)


def relevance(title: str, *paragraphs: str) -> str:
    return judged(title, *paragraphs).relevance


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_five_documents_are_about(number: str) -> None:
    (file,) = (FIXTURES / "documents").glob(f"{number}-*.txt")
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith("BACA JUGA")]
    assert relevance("", *own) == "about"


@pytest.mark.parametrize(
    "title",
    [
        "Bupati Lahat Hadiri Rakor KPK",
        "KPK Tahan Dua Tersangka Suap Proyek",
        "Pemkab Bahas Capaian MCSP",
        "Wali Kota Sambut Komisi Pemberantas Korupsi",
        "Bupati Temui Komisi Pemberantassan Korupsi",
        "Rapat bersama K.P.K di Kaimana",
        "KPK-RI Tinjau Pelayanan",
        "Bupati bicara, laluKPK beri catatan",
        "Babak baru: KPKmenahan dua orang",
        "Komisi Antirasuah Panggil Sekda",
        "Lembaga anti-rasuah sita aset",
        "Nagari Ini Wakili Sumbar di Ajang Desa Antikorupsi",
    ],
)
def test_a_title_that_names_the_kpk_is_about(title: str) -> None:
    assert relevance(title) == "about"


@pytest.mark.parametrize(
    "text",
    [
        "KPKNL Pontianak melelang kendaraan dinas yang terkait perkara korupsi.",
        "DKPKP membagikan bibit ikan tanpa korupsi.",
        "Suku Dinas KPKP memeriksa hewan.",
        "KPPU dan KPU menggelar rapat soal suap.",
        "AKPK menggelar dialog antikorupsi.",
        "KPK dari 12 dan 18 dicari dengan faktorisasi prima, lalu FPB.",
        "Kelipatan persekutuan terkecil (KPK) dua bilangan.",
        "Polisi KPK menangkap tersangka di Peshawar, Khyber Pakhtunkhwa.",
        "LSM KPK Nusantara menyoroti dugaan korupsi jalan.",
        "Ketua DPD KPK Tipikor melantik pengurus.",
        "Wartawan Koran KPK dikeroyok saat meliput kasus suap.",
        "Komite Pemantau Korupsi (KPK) Cianjur menyoroti jalan. Ketua KPK Cianjur bicara.",
        "Klub Pecinta Kopi (KPK) membagi kopi. Ketua KPK senang.",
        "Karang Pemuda Kampung, disingkat KPK, bersih-bersih sungai. Anggota KPK hadir.",
        "Komisi Pemilihan Kampus (KPK) melantik wakil ketua KPK.",
        "Layanan OTT video streaming makin digemari pejabat.",
        "Tim Saber Pungli Polda melakukan operasi tangkap tangan terhadap lurah.",
        "Kejari OTT kepala dinas dan menahan satu tersangka korupsi.",
        "Badan antirasuah Malaysia, SPRM, menahan mantan menteri.",
        "Lembaga antikorupsi Hong Kong ICAC menangkap dua puluh orang.",
        "Server MCP menghubungkan asisten AI dengan data.",
        "Juru parkir memakai rompi oranye.",
        "Gedung Koperasi Desa Merah Putih dibangun.",
    ],
)
def test_a_look_alike_is_not(text: str) -> None:
    assert relevance("Kabar hari ini", text) == "not"


def test_a_look_alike_does_not_hide_the_kpk_itself() -> None:
    text = "LSM KPK Nusantara melaporkan dugaan suap ke Komisi Pemberantasan Korupsi (KPK)."
    assert relevance("LSM Laporkan Bupati ke KPK", text) == "about"


def test_a_late_mention_in_the_story_of_a_prosecutor_is_a_mention() -> None:
    assert (
        relevance(
            "Kejari Tahan Mantan Kades",
            "Kejaksaan Negeri menahan mantan kepala desa.",
            "Kerugian Rp700 juta.",
            "Surat itu ditembuskan kepada KPK.",
        )
        == "mentions"
    )


def test_a_candidates_wealth_report_said_once_is_a_mention() -> None:
    paragraphs = (
        "Calon bupati itu petani bawang sebelum masuk dewan.",
        "Ia gemar bersepeda.",
        "Berdasarkan LHKPN KPK, hartanya Rp2,4 miliar.",
    )
    assert relevance("Profil Calon Bupati Nomor Urut 2", *paragraphs) == "mentions"


def test_false_officers_are_the_polices_story() -> None:
    title, text = "Petugas KPK Gadungan Diringkus", "Polisi meringkus tiga orang yang mengaku KPK."
    assert relevance(title, text) == "mentions"


def test_the_kpk_warning_of_false_officers_is_about() -> None:
    text = "KPK mengimbau warga waspada. KPK menegaskan tidak pernah meminta uang."
    assert relevance("Marak KPK Gadungan, KPK Imbau Warga Melapor", text) == "about"


def test_saying_one_is_ready_to_be_called_is_not_a_false_officer() -> None:
    text = "Ia mengaku siap dipanggil KPK dalam kasus suap proyek."
    assert relevance("Sekda: Saya Siap", text) == "about"


def test_a_hidden_case_is_found_by_its_epithet() -> None:
    paragraphs = ("Kadis terjaring operasi tangkap tangan komisi antirasuah, Kamis malam.",)
    assert relevance("Kadis PU Diterbangkan ke Jakarta", *paragraphs) == "about"


def test_singapore_dollars_do_not_make_an_epithet_foreign() -> None:
    text = "Penyidik lembaga antikorupsi menyita dolar Singapura dari ruang kerja bupati."
    assert relevance("Penyidik Sita Koper", text) == "about"


def test_a_foreign_guest_of_the_kpk_is_about() -> None:
    text = "Delegasi SPRM Malaysia berkunjung ke KPK untuk belajar pengelolaan aset."
    assert relevance("SPRM Malaysia Belajar ke KPK", text) == "about"


@pytest.mark.parametrize(
    ("title", "paragraphs"),
    [
        (
            "Kantor Dinas Disegel, Warga Urus Izin di Teras",
            (
                "Ruang kepala dinas disegel sejak Selasa.",
                "Pegawai menata meja lipat.",
                "Antrean mencapai 40 orang.",
                "Segel itu dipasang penyidik KPK.",
                "Polisi tampak berjaga di gerbang.",
            ),
        ),
        (
            "Divonis 6 Tahun, Eks Kadis Peluk Ibunya",
            (
                "Pengadilan Tipikor menjatuhkan vonis enam tahun.",
                "Ia terbukti menerima suap.",
                "Vonis itu lebih ringan satu tahun dari tuntutan jaksa KPK.",
            ),
        ),
        (
            "Rombongan Berkemeja Putih Keliling Pasar, Tanya Retribusi",
            (
                "Rombongan itu bertanya soal retribusi.",
                "Pedagang gugup.",
                "Bupati menyusul.",
                "Mereka ternyata pegawai KPK.",
            ),
        ),
        (
            "Bupati: Jangan Takut Diaudit",
            (
                "Bupati memberi arahan.",
                "Ia bercerita tentang masa kecil.",
                "Tim akan menguji bukti dukung delapan area intervensi.",
                "Sekda menyebut nilai KPK berada di zona kuning.",
                "Inspektorat membuka posko.",
            ),
        ),
    ],
)
def test_a_story_that_says_late_that_it_is_the_kpks_is_about(
    title: str, paragraphs: tuple[str, ...]
) -> None:
    assert relevance(title, *paragraphs) == "about"


def test_a_late_wish_that_the_kpk_took_a_case_is_a_mention() -> None:
    paragraphs = (
        "Tersangka korupsi pasar meninggal di rutan.",
        "Jenazah dimakamkan sore.",
        "Penyidikan dihentikan.",
        "Aktivis meminta KPK menelusuri pihak lain.",
    )
    assert relevance("Tersangka Korupsi Pasar Meninggal", *paragraphs) == "mentions"


def test_a_juror_from_the_kpk_does_not_make_a_moot_court_its_case() -> None:
    paragraphs = (
        "Mahasiswa menggelar peradilan semu perkara korupsi.",
        "Ada hakim, jaksa, dan terdakwa.",
        "Tuan rumah juara dua.",
        "Salah satu juri tamu berasal dari KPK.",
    )
    title = "Peradilan Semu: Mahasiswa Jadi Terdakwa Korupsi"
    assert relevance(title, *paragraphs) == "mentions"


def test_a_late_reminder_by_the_kpk_does_not_make_a_schools_quarrel_its_case() -> None:
    paragraphs = (
        "Kepala sekolah membantah pungli seragam.",
        "Orang tua keberatan.",
        "Dinas memanggil komite.",
        "KPK mengingatkan sekolah tak menerima bingkisan, tetapi seragam urusan dinas.",
    )
    assert relevance("Kepsek Bantah Pungli Seragam", *paragraphs) == "mentions"


def test_an_agency_that_lends_its_rooms_does_not_own_the_story() -> None:
    paragraphs = (
        "Ruang Satreskrim Polres dipakai memeriksa saksi suap dana hibah.",
        "Kapolres menyebut hanya meminjamkan tempat.",
        "Saksi datang sejak pagi.",
        "Pemeriksaan dilakukan tim KPK.",
    )
    title = "Ruang Satreskrim Dipakai Pemeriksaan Saksi Suap Dana Hibah"
    assert relevance(title, *paragraphs) == "about"


def test_a_column_that_argues_of_the_kpk_twice_is_about() -> None:
    paragraphs = (
        "Oleh: Marlina Contoh (dosen)",
        "Tahun ini KPK tujuh kali melakukan tangkap tangan.",
        "Pertanyaannya klasik.",
        "Pengawasan rapuh.",
        "Biaya politik tinggi.",
        "KPK mesti memakai pasal pencucian uang.",
    )
    assert relevance("OPINI: Mengapa Tidak Jera?", *paragraphs) == "about"


def test_a_column_that_names_the_kpk_once_is_a_mention() -> None:
    paragraphs = (
        "Oleh: Lidya Contoh, arsitek",
        "Trotoar dipakai parkir.",
        "Anggaran ada, kemauan tidak.",
        "Tidak semua harus menunggu KPK datang.",
    )
    assert relevance("OPINI: Saatnya Punya Trotoar", *paragraphs) == "mentions"


def test_a_film_at_the_kpks_festival_is_about() -> None:
    paragraphs = (
        "Film pendek siswa lolos ke Anti-Corruption Film Festival (ACFFest).",
        "Filmnya tujuh menit.",
        "Penjurian diadakan KPK.",
    )
    assert relevance("Film Pendek Siswa Tembus Final ACFFest", *paragraphs) == "about"


def test_the_office_quarter_stands_for_the_kpk() -> None:
    paragraphs = ("Guru ikut pelatihan.", "Modul disusun Direktorat Jejaring Pendidikan KPK.")
    assert relevance("Modul dari Kuningan untuk Guru", *paragraphs) == "about"


def test_an_accident_near_the_building_is_a_mention() -> None:
    text = "Truk telur terguling di Jalan Kuningan Persada, tak jauh dari Gedung KPK."
    assert relevance("Truk Terguling di Kuningan", text, "Telur pecah.") == "mentions"


def test_a_protest_at_the_building_is_about() -> None:
    text = "Massa berunjuk rasa di Gedung KPK dan mendesak pengusutan dana hibah."
    assert relevance("Mahasiswa Demo di Gedung KPK", text, "Perwakilan diterima.") == "about"


@pytest.mark.parametrize(
    "text",
    [
        "Sembilan warga terjaring operasi tangkap tangan membuang sampah, kata wali kota.",
        "Pembuang sampah kena OTT, wali kota ancam sebar foto.",
        "KPK Kabupaten Tolitoli menetapkan 312 TPS, kata ketua KPU.",
        "Komisi Pemilihan Umum (KPK) menetapkan daftar pemilih. KPK menyiapkan logistik.",
    ],
)
def test_a_littering_raid_or_a_misspelt_election_office_is_not(text: str) -> None:
    assert relevance("Kabar hari ini", text) == "not"


def test_a_raid_on_a_mayor_is_about_where_refuse_is_named_too() -> None:
    paragraphs = ("Wali kota terjaring OTT.", "Warga yang membuang sampah ditegur.")
    assert relevance("Wali Kota Terjaring OTT, Bank Sampah Terhenti", *paragraphs) == "about"


def test_the_kpk_speaking_to_the_election_office_is_about() -> None:
    text = "KPK mengingatkan calon menyetor LHKPN sebelum KPU menetapkan pasangan calon."
    assert relevance("KPK Ingatkan Calon Kepala Daerah", text) == "about"


def test_the_old_name_of_a_programme_still_counts_after_its_time() -> None:
    old, new = (
        judged("Rapat MCP", "Inspektorat membahas MCP.", on=day).score
        for day in (date(2026, 3, 1), date(2023, 3, 1))
    )
    assert ABOUT <= old < new


def test_a_reason_quotes_the_sentence_and_points_at_the_words() -> None:
    text = "Rapat dibuka bupati. Tim KPK hadir bersama inspektur. Rapat ditutup."
    (reason,) = judged("Rapat", text).reasons
    assert reason.paragraph == 0
    assert text[reason.start : reason.end] == "KPK"
    assert reason.quote == "Tim KPK hadir bersama inspektur."


def test_a_reason_in_the_title_has_no_paragraph() -> None:
    (reason,) = judged("Rakor KPK").reasons
    assert (reason.paragraph, reason.start, reason.end) == (None, 6, 9)


def test_offsets_hold_where_invisible_characters_stand() -> None:
    text = "Tim  K\u00adPK dan Komisi\u00a0Pemberantasan  Korupsi menahan tersangka."
    for reason in judged("", text).reasons:
        assert text[reason.start : reason.end].replace("\u00ad", "") in (
            "KPK",
            "Komisi\u00a0Pemberantasan  Korupsi",
        )


def test_what_is_not_relevant_has_no_reasons() -> None:
    assert judged("Panen Raya", "Petani memanen padi.") == Judgement("not", 0.0, ())


SPORT = (
    "Laga final berlangsung di hadapan tiga ribu penonton.",
    "Pelatih memuji permainan anak asuhnya.",
    "Panitia menyediakan piala bergilir.",
    "Turnamen ditutup dengan kembang api.",
)


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Eks Wakil Ketua KPK Jadi Komisaris Klub Voli", "Eks Wakil Ketua KPK itu dilantik."),
        ("Istri Penyidik KPK Juara Lomba Lari", "Istri seorang penyidik KPK menang."),
        ("Bupati Kelakar di Final Voli: Jangan Suap Wasit, Nanti Ditangkap KPK", "Final seru."),
        ("Film Horor Dibintangi Pemeran Penyidik KPK", "Ia pemeran penyidik KPK dalam serial."),
        ("Klub Ini Bangkit", "Sponsor lama klub itu ditahan KPK dua tahun silam."),
        ("Gedung Baru Dipakai Atlet", "Lahannya merupakan hibah rampasan KPK."),
    ],
)
def test_a_story_of_something_else_that_names_the_kpk_is_a_mention(title: str, lead: str) -> None:
    assert relevance(title, lead, *SPORT) == "mentions"


@pytest.mark.parametrize(
    ("title", "lead", "more"),
    [
        ("Mantan Penyidik KPK Divonis 11 Tahun", "Hakim memvonis mantan penyidik KPK.", "Jaksa KPK"
         " menyatakan pikir-pikir atas putusan itu."),
        ("Eks Ketua DPRD Diperiksa KPK", "Eks ketua DPRD diperiksa KPK, Rabu.", "Ia saksi suap."),
        ("KPK Putar Film Antikorupsi di Sekolah", "KPK memutar film dokumenter.", "KPK mengajak"
         " siswa mengenali gratifikasi."),
        ("Rumah Dinas Bupati Sepi", "Bupati itu dijemput tim antirasuah, Jumat.", "Sepi."),
    ],
)  # fmt: skip
def test_what_the_kpk_does_stays_about_beside_former_people_and_films(
    title: str, lead: str, more: str
) -> None:
    assert relevance(title, lead, more) == "about"


def test_another_agency_that_tells_its_case_apart_is_a_mention() -> None:
    lead = "Kejaksaan Tinggi menahan direktur bank daerah, Senin."
    apart = "Perkara ini berbeda dengan yang ditangani KPK."
    assert relevance("Kejati Tahan Dirut Bank, Beda dengan Kasus KPK", lead, apart) == "mentions"


def test_a_case_handed_over_by_prosecutors_is_about() -> None:
    lead = "Kejaksaan Negeri melimpahkan berkas kasus dana hibah kepada KPK, Kamis."
    assert relevance("Kejari Limpahkan Berkas Kasus Hibah ke KPK", lead) == "about"


@pytest.mark.parametrize(
    "text",
    [
        "Millennial Coffee Project (MCP) melatih 40 pemuda desa bersama pemkab dan inspektorat.",
        "Nyeri sendi metacarpophalangeal atau MCP terasa di pagi hari; pencegahan itu perlu.",
        "PLN mengganti motor control panel (MCP) atas permintaan pemerintah desa.",
    ],
)
def test_an_acronym_spelled_as_something_else_is_not_a_programme(text: str) -> None:
    assert relevance("Mengenal MCP", text) == "not"


@pytest.mark.parametrize(
    "text",
    [
        "Lembaga antikorupsi Suluh Nusa merilis indeks keterbukaan desa.",
        "Lembaga antikorupsi lokal mendesak kejaksaan mengusut kapal bantuan.",
        "Koalisi lembaga antikorupsi meminta transparansi hibah.",
    ],
)
def test_an_organisation_of_citizens_is_not_the_kpk(text: str) -> None:
    assert relevance("Lembaga Antikorupsi Bicara", text) == "not"


def test_a_trial_that_says_only_late_whose_it_is_is_about() -> None:
    paragraphs = (
        "Saksi mengungkap jatah 10 persen dalam sidang suap di PN Tipikor, Senin.",
        "Uangnya diserahkan dalam kardus.",
        "Terdakwa membantah.",
        "Perkara ini bermula dari operasi senyap komisi antirasuah.",
    )
    found = judged("Sidang Suap Proyek Air: Saksi Ungkap Jatah", *paragraphs)
    assert found.relevance == "about"
    assert found.reasons[0].rule.endswith((":whose", ":acting"))


def test_a_race_for_a_programmes_papers_is_about() -> None:
    paragraphs = (
        "Sekda mengumpulkan kepala OPD karena tenggat unggah dokumen tinggal 36 jam.",
        "Kopi ditanggung sekda.",
        "Dari 111 indikator MCSP baru terpenuhi 74.",
        "Inspektorat menyiapkan pemindai.",
        "Tahun lalu kota itu di zona merah.",
    )
    assert relevance("Sekda Kumpulkan Kepala OPD Malam-malam", *paragraphs) == "about"


PIECES = """KPK|kpk|laluKPK|Komisi Pemberantasan|Korupsi|antirasuah|MCP|LHKPN|Kejari|Polda|Malaysia
pernah|mengaku petugas|ditahan oleh|rakor|(KPK)|tersangka.|\u00ad|\u00a0|İ|Klub Pecinta Kopi"""
WORDS = st.sampled_from(PIECES.replace("\n", "|").split("|"))


@settings(max_examples=200, deadline=None)
@given(
    title=st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join)),
    paragraphs=st.lists(
        st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join)), max_size=5
    ),
)
def test_any_text_gets_a_score_and_reasons_that_lie_within_it(
    title: str, paragraphs: list[str]
) -> None:
    result = judge(title, paragraphs, KPK, ON)
    assert 0 <= result.score <= 1
    assert (result.relevance == "about") == (result.score >= ABOUT)
    for reason in result.reasons:
        source = title if reason.paragraph is None else paragraphs[reason.paragraph]
        assert 0 <= reason.start < reason.end <= len(source)
        assert reason.quote in source
        assert source[reason.start : reason.end].strip() in reason.quote
