"""The words by which cases are told: offices, courts, other agencies, and other walks of life."""

from __future__ import annotations

import re


def _words(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(forms)})(?:nya)?\b")


# All patterns read folded text: lower case, single spaces, no hyphens.
OFFICES: dict[str, str] = {
    "wakil bupati": r"wakil bupati|wabup",
    "bupati": r"bupati",
    "wakil wali kota": r"wakil wali ?kota|wawali(?:kota)?|wawako",
    "wali kota": r"wali ?kota|walkot",
    "wakil gubernur": r"wakil gubernur|wagub",
    "gubernur": r"gubernur",
    "sekretaris daerah": r"sekretaris daerah|sekda(?:kab|kot|prov)?",
    "wakil ketua dprd": r"wakil ketua (?:komisi \w+ )?dprd",
    "ketua dprd": r"ketua (?:komisi \w+ |fraksi \w+ )?dprd",
    "anggota dprd": r"anggota dprd|legislator",
    "kepala dinas": r"kepala dinas|kadis\w*|kadinas",
    "kepala badan": r"kepala badan|kaban\w*|kepala (?:bk\w+|bp\w+|bappe\w+)",
    "kepala bidang": r"kepala bidang|kabid",
    "direktur rsud": r"(?:direktur|dirut)(?: utama)? (?:rsud|rumah sakit)",
    "direktur": r"direktur(?: utama)?|dirut|komisaris(?: utama)?",
    "ppk": r"pejabat pembuat komitmen|ppk",
    "camat": r"camat",
    "rektor": r"(?:wakil )?rektor",
    "kepala desa": r"kepala desa|kades",
}
OFFICE = re.compile(
    r"\b(?:" + "|".join(f"(?P<o{i}>{form})" for i, form in enumerate(OFFICES.values())) + r")\b"
)
# Offices of which a place has one at a time: with the place they say who is meant.
SINGLE = frozenset(tuple(OFFICES)[:9])
FORMER_FORMS = ("eks", "mantan", "bekas", "nonaktif", "non aktif", "terdakwa", "terpidana")
FORMER = _words(*FORMER_FORMS)
ACTING_FOR = re.compile(r"\b(?:plt|plh|pj|pjs|pelaksana (?:tugas|harian)|penjabat)\.? $")

# What makes someone a suspect, in a sentence of the KPK's.
SUSPECT = re.compile(
    r"\b(?:rompi (?:oranye|tahanan)|tersangka|menersangkakan|terdakwa|terpidana|(?:di)?tahan"
    r"|menahan|penahanan|ott|tangkap tangan|tertangkap|(?:di|men)angkap|ditangkap"
    r"|(?:di|meng)amankan|terjaring|terjerat"
    r"|(?:di|men)?jerat|(?:di|men)dakwa|dakwaan|dituntut|menuntut|tuntutan|(?:di|mem)?vonis"
    r"|putusan|penangkapan|(?:men)?jebloskan|operasi senyap|eksekusi|dieksekusi"
    r"|diduga (?:telah )?(?:menerima|memberi\w*|meminta|memeras))\b"
)
BRIBE = re.compile(r"\b(?:suap|fee|uang|setoran|hadiah|gratifikasi|lelang|pemenang|swasta)\b")
ACCUSED = re.compile(r"\b(?:tersangka|terdakwa|terpidana)\b")
WITNESS = re.compile(r"\b(?:saksi|bersaksi|kesaksian|dimintai keterangan|dicecar)\b")
# Wishes and memories are no acts.
NO_ACT = re.compile(
    r"\b(?:(?:men)?desak|(?:me)?minta kpk|melapor\w*|dilaporkan|laporkan|berharap|menuntut agar"
    r"|pernah|kasus lama|beberapa tahun lalu|jika terbukti|seandainya|demo|unjuk rasa|geruduk)\b"
)
LEGAL_EVENTS = frozenset(
    ("ott", "tersangka", "penahanan", "penggeledahan", "pemeriksaan-saksi", "sidang")
)
# Roles in which people speak of a case without being suspects in it.
SPEAKER_BEFORE = re.compile(
    r"\b(?:juru bicara|jubir|deputi|pimpinan|komisioner|jaksa|jpu|penuntut umum|hakim|majelis"
    r"|penasihat hukum|kuasa hukum|pengacara|advokat|pengamat|peneliti|aktivis|saksi|ahli|kata"
    r"|ujar|ucap|tutur|jelas|ungkap|tegas|papar|terang|sebut|imbuh|lanjut|tambah|menurut|presiden"
    r"|plt|plh|pj|pelaksana tugas|direktur penyidikan|kasatgas|humas|ketua kpk|ketua majelis"
    r"|pelapor|menteri|mendagri|digantikan|menggantikan\w*)(?: \w+){0,5},? $"
    r"|\b(?:istri|suami|anak|adik|kakak)(?:nya)?,? $"
)
SPEAKER_AFTER = re.compile(
    r"(?:,? (?:juga )?(?:mengatakan|menjelaskan|menyebut\w*|menuturkan|menegaskan|menyatakan"
    r"|mengungkap\w*|membenarkan|memaparkan|menambahkan)|,? (?:selaku |sebagai )?(?:kuasa|penasihat"
    r"|pengacara|juru bicara|saksi|jaksa|hakim|ahli))\b"
)

# What a text about a case in court or in investigation says.
LEGAL = _words(
    r"tersangka|terdakwa|terpidana|narapidana|(?:ber|ke)?saksi(?:an)?|(?:per)?sidang(?:an)?"
    r"|(?:di|men)?dakwa(?:an)?|(?:di)?tuntut(?:an)?|menuntut|(?:di|mem)?vonis|hakim|jaksa|jpu"
    r"|penuntut umum|pengadilan|tipikor|eksepsi|pleidoi|pledoi|nota pembelaan|replik"
    r"|duplik|banding|kasasi|peninjauan kembali|praperadilan|penyidik(?:an)?|diperiksa|memeriksa"
    r"|pemeriksaan|dicecar|(?:di|meng)?geledah|penggeledahan|(?:di)?sita|menyita|penyitaan"
    r"|(?:di)?tahan(?:an)?|menahan|penahanan|rutan|lapas|rompi (?:oranye|tahanan)|ott"
    r"|tangkap tangan|kuasa hukum|penasihat hukum|pengacara|uang pengganti"
    r"|(?:di|men)jerat|terjerat|terjaring"
    r"|remisi|bebas bersyarat|disegel|segel|dipanggil|mangkir|bap|justice collaborator|putusan"
    r"|dihukum|hukuman|penjara|(?:di)?eksekusi|korupsi|suap|gratifikasi|pemerasan|ditangkap"
)
# What every text that LEGAL finds holds, as parts of its words: the prefilter's view of it.
LEGAL_PARTS = tuple(
    "tersangka terdakwa pidana saksi sidang dakwa tuntut menuntut vonis hakim jaksa jpu pengadilan"
    " tipikor eksepsi pleidoi pledoi pembelaan replik duplik banding kasasi peninjauan praperadilan"
    " penyidik periksa memeriksa cecar geledah sita menyita tahan menahan rutan lapas rompi ott"
    " tangkap hukum pengacara pengganti jerat terjaring remisi bersyarat segel dipanggil mangkir"
    " bap collaborator putusan penjara eksekusi korupsi suap gratifikasi pemerasan"
    " penuntut pemeriksaan penyitaan penahanan".split()
)
SPHERE = re.compile(
    r"\b(?:korupsi|tipikor|suap|penyuap\w*|menyuap|disuap|gratifikasi|pemerasan|memeras"
    r"|diperas|tppu|pencucian uang|ott|tangkap tangan|jual beli jabatan"
    r"|uang pengganti|setoran|fee|ijon|pungli)\b"
)

AGENCY = (
    r"(?:kejari|kejati|kejagung|kejaksaan(?: (?:negeri|tinggi|agung))?|kajari|kajati|kasi pidsus"
    r"|aspidsus|pidsus|jampidsus|polda|polres(?:ta|tabes)?|polsek|polri|bareskrim|ditreskrimsus"
    r"|satreskrim|satresnarkoba|polisi|kepolisian|kapolres\w*|kapolda|kasat reskrim|tipidkor"
    r"|kortas\w*|puspom|saber pungli)"
)
AGENCY_AS_PLACE = re.compile(
    r"\b(?:di|ke|dari|rutan|rumah tahanan(?: negara)?|tahanan|lapas|gedung|kantor|aula|halaman"
    r"|markas|mako|dikawal|kawalan|pengawalan|penjagaan|dijaga|petugas|anggota|aparat|personel"
    r"|pagar)(?: ketat| puluhan| ratusan| aparat| petugas| oleh)? " + AGENCY + r"\b"
)
AGENCY_WORD = re.compile(rf"\b{AGENCY}\b")
AGENCY_ACT = re.compile(
    r"\b(?:(?:me|di|ber)?(?:netapkan|tetapkan|nahan|tahan|ringkus|tangkap|nangkap|riksa|periksa"
    r"|meriksa|geledah|nggeledah|nyita|sita|usut|ngusut|sidik|nyidik|selidiki|nyelidiki|lidik"
    r"|bongkar|mbongkar|ungkap|ngungkap|dalami|ndalami|panggil|manggil|limpahkan|dakwa|tuntut"
    r"|amankan|ngamankan|titipkan|bidik)|tersangka|penyidikan|penyelidikan|ott|kasus|dugaan)\b"
)
AGENCYS_PEOPLE = re.compile(
    r"\b(?:jpu|jaksa(?: penuntut umum)?|penuntut umum|penyidik(?: \w+)?|tim(?: \w+)?)"
    rf"(?: \(jpu\))?(?: dari| pada)? {AGENCY}\b"
)

# Where a name stands in another walk of life.
OTHER_LIFE = re.compile(
    r"\b(?:narkoba|narkotika|sabu|ganja|pencurian|curanmor|pembunuhan|penganiayaan|pencabulan"
    r"|pemerkosaan|kdrt|penipuan|penggelapan|judi|cerai|perceraian|ijazah palsu|kecelakaan"
    r"|pilkada|pilgub|pilbup|pilwalkot|pilkades|pemilu|pileg|kpud?|bawaslu|hitung cepat"
    r"|mahkamah konstitusi|paslon|dapil|caleg|elektabilitas|liga|turnamen|gol|juara|klub|atlet"
    r"|wisuda|skripsi|konser|film|lagu|masa kecil|semasa kecil|profil|kisah|lahir di)\b"
)

# Sentence openers and nouns that are capitalised without being names.
# fmt: off
NEVER_NAMES = frozenset("""
    ada adapun agustus ajukan akan akibat akui aliran anak anggota antara apabila april atas
    awal bacakan badan bagi bagian bahkan bahwa bank bantah banyak bapak barang baru beberapa
    begitu bekas beli belum berdasarkan berikut bersama besok bidang bila bina bu bukan bupati
    camat catatan cipta cv daerah dakwa dalam dana dari daya dekan demi demikian dengan deputi
    desa desember dewan di didakwa diduga dinas diperiksa direksi direktorat direktur dirut
    ditahan dituntut divonis dosen dua dugaan eks empat enam fakultas februari fraksi gedung
    gelar geledah golkar gubernur hadirkan hakim hal hanya hari hasil hibah hidup hingga i ia
    ibu ii iii indonesia ini inspektorat istri itu iv jabatan jadi jakarta jaksa jalan januari
    jika jual juga juli jumat jumlah juncto juni juru justru kabar kabid kabupaten kadis kamis
    kantor karena karya karyawan kasi kasus kata kecamatan kedua keduanya keempat keempatnya
    kehutanan kejaksaan kelas kelima kelimanya kelompok kelompoknya kelurahan kemarin kembali
    kementerian kemudian kepada kepala kepegawaian kepolisian kesehatan ketiga ketiganya ketika
    ketua keuangan kini kita kombes komisaris komisi konstruksi korlap korupsi kota kpk kuasa
    kuat kuhp lalu lantas lapangan lapas lembaga lima lingkungan majelis maka malam mantan
    manusia maret marga masih masing masyarakat mei mengaku menteri menurut merah mereka meski
    meskipun minggu minta nama namun negara negeri nomor nonaktif november oktober oleh operasi
    ott pada padahal pak para partai pasal pegawai pejabat pekan pekerjaan pelaksana
    pemberantasan pembinaan pemeriksaan pemerintah pemkab pemkot pemprov penahanan penasihat
    penataan pencegahan pendidikan pengacara pengadaan pengadilan pengembangan penindakan
    penjabat penuntut penyidik peran perdagangan perhubungan periksa perindustrian perkara
    permukiman pernah pertama pertanian perumahan perusahaan perusahaannya petugas pihak
    pihaknya pimpinan pj plh plt pokmas polda polisi polres presiden provinsi proyek pt putih
    rabu rangka ratusan rektor republik resmi rp rsud ruang rumah rutan saat sabtu sakit saksi
    salah sama sampai sang satu saudara sd sebab sebagai sebanyak sebelum sebelumnya sebuah
    sebut sedangkan sehingga sejak sejumlah sekda sekolah sekretariat sekretaris selain selaku
    selama selanjutnya selasa seluruh sementara semua senat senilai senin seorang seperti
    september serta sesuai setda setelah setiap sidang sma smp soal sosial staf suap sudah
    sumber surat swasta tahan tahap tahun tak tanah tanggal tapi tempat tentang terdakwa
    terhadap terkait terpidana tersangka tersebut tetapkan tiga tim tindak tipikor tokoh tolak
    total tppu tuan tujuh uang umum undang ungkap universitas untuk usai uu vonis wakil wali
    walikota warga wartawan yaitu yakni yang yayasan
""".split())
# fmt: on
TITLES = frozenset(
    "h hj drs dra dr ir prof kh tgk r rd ra akbp kompol kombes brigjen irjen letkol kolonel mayjen"
    " brigadir ust ustaz apt tn ny sdr alm drg".split()
)
# A name made of these alone says too little by itself.
# fmt: off
COMMON_NAMES = frozenset("""
    abdul abdullah achmad adi agung agus ahmad ali amin andi anwar arif bambang budi dedi dedy
    dewi dwi eko fajar hadi hartono hasan hendra heri hidayat ibrahim iwan joko karim kurniawan
    lestari m maya mohamad mohammad muh muhamad muhammad mulyadi mulyono nugroho nur nurul
    prasetyo pratama putra putri rahman rahmat ramadhan ridwan rini rizal rudi saleh santoso
    saputra setiawan siti slamet sri sugeng sulaiman suparman supriyadi suryadi susanto susilo
    sutrisno syarif teguh tri usman wahyu wahyudi wati wibowo widodo wijaya yani yanto yudi
    yusuf zainal
""".split())
# fmt: on
