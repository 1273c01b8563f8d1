"""Made-up Indonesian news for the review benchmark: words as frequent as in a language, sentences
of them, texts of sentences."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

COMMON = (
    "yang dan di untuk dengan pada dari ini dalam itu tidak akan juga oleh kepada sebagai adalah"
    " telah ke dapat lebih para bisa ada saat daerah pemerintah kabupaten kota masyarakat bupati"
    " provinsi tahun anggaran hari program kegiatan pelayanan publik dinas kepala kata ujar jelas"
    " secara sudah harus terus menjadi melalui serta agar warga desa pembangunan hukum negara"
    " anggota dewan ketua tim hasil rapat pihak jumlah nilai miliar rupiah proyek pengadaan jalan"
    " gedung kantor perkara dugaan suap gratifikasi saksi tersangka penyidik jaksa hakim sidang"
    " pemeriksaan aset tanah pajak laporan harta kekayaan integritas pencegahan pengawasan tata"
    " kelola bersih transparan akuntabel komitmen sinergi kolaborasi evaluasi capaian target"
    " inspektorat sekretaris wali camat lurah sekolah rumah sakit air listrik pasar petani nelayan"
).split()
SYLLABLES = (
    "ba ce di fo ga hu ja ke li mo na pe ra su ta wi ya bang lan mer sing tor pak gen".split()
)
PHRASES = (
    ("KPK", 9),
    ("Komisi Pemberantasan Korupsi (KPK)", 3),
    ("rapat koordinasi", 2),
    ("rakor", 1),
    ("survei penilaian integritas", 1),
    ("MCSP", 1),
    ("LHKPN", 1),
)
VOCABULARY = 40_000
POOL = 40_000
NAMES = 3000
# In one article of fifty thousand.
RARE = "sumbermawar"
RARE_EVERY = 50_000


@dataclass(frozen=True, slots=True)
class Story:
    """The words of one article."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """A pool of sentences and of names; texts draw from them."""

    sentences: list[str]
    names: list[str]

    def story(self, rng: random.Random, number: int, place: str) -> Story:
        """An article of about 2.5 KB in paragraphs."""
        drawn = rng.choices(self.sentences, k=19)
        name = f"{rng.choice(self.names)} {rng.choice(self.names)}"
        drawn[0] = f"{place.upper()} – {drawn[0]}"
        drawn[4] = f"{name} menyampaikan hal itu di {place}."
        if number % RARE_EVERY == 7:
            drawn[9] = f"Warga {RARE.title()} ikut hadir."
        paragraphs = (" ".join(drawn[at : at + 3]) for at in range(0, len(drawn), 3))
        words = drawn[1].split(" ", 8)[:7]
        said = "KPK" if number % 3 else "Pemda"
        return Story(f"{said} {' '.join(words)} di {place}", "\n".join(paragraphs))


def language(seed: int = 7) -> Language:
    """The same language for the same seed."""
    rng = random.Random(seed)
    made = {"".join(rng.choices(SYLLABLES, k=rng.randint(2, 5))) for _ in range(VOCABULARY)}
    words = [*COMMON, *sorted(made - set(COMMON))]
    # Zipf: the word of rank n is 1/n as frequent as the first one.
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    sentences = [sentence(rng, words, weights) for _ in range(POOL)]
    names = [word.title() for word in rng.sample(words[2000:], NAMES)]
    return Language(sentences, names)


def sentence(rng: random.Random, words: list[str], weights: list[float]) -> str:
    """One of 12 to 22 words, now and then with a phrase of the topic."""
    drawn = rng.choices(words, cum_weights=weights, k=rng.randint(12, 22))
    if rng.random() < 0.18:
        phrases, shares = zip(*PHRASES, strict=True)
        drawn.insert(rng.randint(0, 6), rng.choices(phrases, weights=shares)[0])
    text = " ".join(drawn)
    return f"{text[0].upper()}{text[1:]}."
