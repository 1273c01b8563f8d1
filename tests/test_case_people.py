"""Cases: whoever a suspect is called, what names him in full at court is found again."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from crawler.cases import CaseReader, join
from tests.test_cases import WORDS, judged, taught

# Names of every custom: one word, titles of birth, clans, patronyms, Balinese order, Chinese and
# Arab names, names equal to words of place, compass or calendar, with apostrophes and hyphens.
PEOPLE = (
    """
La Ode Ringgasa Kalisu|La Ode Muhamad Tarifudin|Wa Ode Nirmalina|La Onda Sarimbu
Andi Baso Patawari|Andi Tenri Sangkala|Daeng Manabbang Rewa|Karaeng Sultan Mappalewa
Haji Dulamin Sarkowi|Teuku Raja Kemalasyah|Cut Meurah Intania|Tgk Fauzan Abdya
I Gede Wirabuwana|I Made Sutarjana Artika|Ni Luh Widiastina|Ida Bagus Oka Narendra
Anak Agung Gde Suryatma|I Gusti Ngurah Pramarta|Sri Lestariningrum|Sri Mulyatiningsih Wardoyo
Nur Hidayatulloh|Nurhayatina Basrah|Raden Bagus Kertanaga|Raden Ayu Sekarwangi
Tubagus Iskandarsyah|Entus Suhermana|Dadang Suryanaga|Asep Koswaradi
Sihol Tambunandra|Parlindungan Sihotangga|Ruben Sitorusman|Maruli Purbalingga
Yohanes Wetarminus|Petrus Kasihiwono|Yan Pieter Wambrauwis|Melkias Uamangkey
Bonifasius Leki Taolinda|Elias Djobowela|Marthen Luther Rantaluan|Kosmas Wulanggadu
Cornelis Van Houtenberg|Steven Robert Kandouwa|Hengky Lumentutan|Jimmy Rimbarogi
Liem Setyo Gunadarma|Tan Kok Hianda|Budi Hartono Tjandrawan|Ahmad Al Habsyiman
Abdul Ghofur Alatasmi|Muhammad Bin Salimanto|Datuk Syukrizal Marajo|Sutan Bahrumsyah
Syahrul Januardi Siregar|Agus Desemberianto|Rusdi Timurlana|Timur Pradopanto
Muara Sipongira|Padang Rudiansyah|Bima Aryadana|Jaya Wijayandaru
H. Slamet Sugihartono|Dr. Ir. Endah Purwaningdyah|Akhmad Syaikhuddin Zuhrian|Ma'mun Nurrochmanto
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
PLACES = (
    *("Seluma", "Buton Utara", "Nganjuk", "Ogan Komering Ulu", "Tapanuli Tengah", "Maros", "Ende"),
    *("Kepulauan Aru", "Lampung Tengah", "Jembrana", "Blitar", "Kutai Timur"),
)
# First the title, then the paragraphs.
OPENERS = {
    "title alone": (
        "KPK Umumkan Bupati {place} {name} Tersangka",
        "JAKARTA - KPK mengumumkan penetapan tersangka itu di Gedung Merah Putih, Selasa.",
        "Ia diduga menerima suap.",
    ),
    "announced": (
        "KPK Umumkan Bupati {place} Tersangka Gratifikasi Dermaga",
        "JAKARTA - KPK mengumumkan Bupati {place} {name} sebagai tersangka penerimaan gratifikasi"
        " terkait dermaga. Ia belum ditahan.",
    ),
    "caught": (
        "KPK OTT Bupati {place}, Uang Dalam Koper Disita",
        "{PLACE}, Kabar Contoh – Komisi Pemberantasan Korupsi menangkap Bupati {place} {name} dalam"
        " operasi tangkap tangan, Senin malam. Ia diterbangkan ke Jakarta Selasa pagi.",
    ),
    "held": (
        "Pakai Rompi Oranye, Bupati {place} Ditahan KPK",
        "Bupati {place}, {name}, resmi ditahan KPK selama 20 hari, Rabu.",
        '"Tersangka kami tahan," kata Juru Bicara KPK Lukman Danuraja.',
    ),
    "charged": (
        "Jaksa KPK Dakwa Bupati {place} Nonaktif Terima Suap Rp2,1 Miliar",
        "Jaksa KPK mendakwa Bupati {place} nonaktif {name} menerima suap Rp2,1 miliar. Dakwaan"
        " dibacakan di Pengadilan Tipikor.",
    ),
    "shouted": (
        "KPK TETAPKAN BUPATI {PLACE} {NAME} TERSANGKA SUAP PROYEK JALAN",
        "KPK menetapkan BUPATI {PLACE} {NAME} sebagai tersangka suap proyek jalan, Kamis.",
        "Bupati {place} {name} diduga menerima delapan persen.",
    ),
}
FOLLOW_UPS = {
    "pretrial": (
        "Sidang Praperadilan: Ahli Sebut Penyitaan Rumah Terburu-buru",
        "JAKARTA - Ahli hukum pidana yang dihadirkan {name} menilai penyitaan rumah terburu-buru."
        " Hakim tunggal mencatat perbedaan tanggal. Putusan dibacakan Senin.",
    ),
    "witness": (
        "Pengusaha Pasir: Saya Kirim Uang Tiap Habis Panen, Pak Hakim",
        "Pengusaha Dula Kambowari menjadi saksi dalam sidang {name} di Pengadilan Tipikor, Rabu.",
        "Ia mengaku mengirim uang kepada ajudan di rumah jabatan.",
    ),
    "at work": (
        "Bupati Tetap Ngantor, Apel Pagi Diwarnai Bisik-bisik",
        "Bupati {place} {name} tetap memimpin apel pagi, Kamis, dua hari sesudah namanya diumumkan"
        " sebagai tersangka. Pegawai tampak saling berbisik.",
    ),
    "wife": (
        "Istri Bupati Dipanggil Lagi, Ditanya soal Gelang",
        "Istri bupati nonaktif {name}, Hj. Mirnawati Salamun, kembali diperiksa sebagai saksi.",
        "Pengacara menyebut gelang dibeli dari hasil usaha tenun.",
    ),
}
DAYS = date(2025, 3, 18), date(2025, 5, 5)


def filled(texts: tuple[str, ...], name: str) -> list[str]:
    place = PLACES[PEOPLE.index(name) % len(PLACES)]
    bare = name.replace("H. ", "").replace("Dr. Ir. ", "")
    words = {"place": place, "PLACE": place.upper(), "name": name, "NAME": bare.upper()}
    return [text.format(**words) for text in texts]


@cache
def begun(opener: str, name: str) -> CaseReader:
    """The cases an opener begins, among one of somebody else."""
    others = taught(
        "KPK Tahan Bupati Muara Contoh", "KPK menahan Bupati Muara Contoh Hasan Wiragunata."
    )
    title, *paragraphs = filled(OPENERS[opener], name)
    cases = join(join((), others), taught(title, *paragraphs, on=DAYS[0]))
    return CaseReader(cases, WORDS)


def unfound(opener: str, follow_up: str) -> list[str]:
    """Of whom a follow-up is not found after an opener."""
    lost = []
    for name in PEOPLE:
        title, *paragraphs = filled(FOLLOW_UPS[follow_up], name)
        assert name != PEOPLE[0] or judged(title, paragraphs, DAYS[1]).relevance != "about"
        case = begun(opener, name).match(title, paragraphs, DAYS[1])
        if case is None or "muara-contoh" in case.tag.slug:
            lost.append(name)
    return lost


@pytest.mark.parametrize("opener", list(OPENERS))
@pytest.mark.parametrize("follow_up", list(FOLLOW_UPS))
def test_a_suspect_named_in_full_is_found_again(opener: str, follow_up: str) -> None:
    assert unfound(opener, follow_up) == []
