"""The phrases of which learning.py makes items: invented, in the manner of regional news."""

from __future__ import annotations

KINDS = (
    "ott tahan dakwa geledah saksi rakor mcsp spi aset lhkpn desa sosialisasi seremoni penghargaan"
).split()
OFFICES = ("Bupati", "Wali Kota", "Sekda", "Kepala Dinas PUPR", "Ketua DPRD", "Inspektur")
NAMES = (
    "Rahmat Wiradinata|Surya Mandala|Dewi Lestarini|Bagus Permadi|Hendra Kusumo|Ratna Sekarwati|"
    "Yusran Halim|Laode Marwan|Tirta Gunadi|Siti Nurhayani|Farid Alamsyah|Maruli Sitanggang"
).split("|")
TITLES = {
    "ott": (
        "OTT KPK di {place}, {office} Diamankan",
        "KPK Jaring {number} Orang dalam Operasi Senyap di {place}",
        "Segel KPK Terpasang di Kantor {office} {place} Usai OTT",
    ),
    "tahan": (
        "KPK Tahan {name}, Tersangka Suap Proyek {place}",
        "Jadi Tersangka, {office} {place} Langsung Ditahan KPK",
        "Rompi Oranye untuk {name}, KPK Ungkap Perannya",
    ),
    "dakwa": (
        "Jaksa KPK Dakwa {name} Terima Gratifikasi",
        "Sidang {name} di Tipikor, Jaksa KPK Bacakan Tuntutan",
        "Hakim Vonis {name}, JPU KPK Pikir-pikir",
    ),
    "geledah": (
        "KPK Geledah Rumah {office} {place}",
        "Penyidik KPK Bawa Dua Koper dari Kantor Dinas di {place}",
        "Usai Geledah {place}, KPK Sita Dokumen",
    ),
    "saksi": (
        "KPK Periksa {name} sebagai Saksi",
        "Tiga Anggota DPRD {place} Dipanggil KPK",
        "{name} Mangkir, KPK Jadwalkan Ulang Pemeriksaan",
    ),
    "rakor": (
        "{office} {place} Hadiri Rakor Pencegahan Korupsi Bersama KPK",
        "KPK dan Pemda {place} Perkuat Sinergi Lewat Rapat Koordinasi",
        "Tim Korsup KPK Temui Kepala Daerah, Ini Pesannya untuk {place}",
    ),
    "mcsp": (
        "Nilai MCSP {place} Capai {number} Persen",
        "KPK Evaluasi Capaian MCSP {place}",
        "Inspektorat {place} Kebut Dokumen MCSP KPK",
    ),
    "spi": (
        "Skor SPI {place} Naik, Ini Catatan KPK",
        "Survei Penilaian Integritas KPK di {place} Dimulai",
        "{place} Masuk Zona Rentan SPI KPK",
    ),
    "aset": (
        "KPK Dorong Penertiban Aset {place}",
        "{number} Bidang Tanah Pemda {place} Disertifikatkan, KPK Mengawal",
        "Aset Mangkrak di {place} Jadi Sorotan KPK",
    ),
    "lhkpn": (
        "{number} Pejabat {place} Belum Lapor LHKPN ke KPK",
        "KPK Ingatkan Anggota DPRD {place} Lapor Harta",
        "Kekayaan {office} {place} di LHKPN KPK",
    ),
    "desa": (
        "KPK Nilai Calon Desa Antikorupsi di {place}",
        "Desa di {place} Wakili Provinsi di Program Desa Antikorupsi KPK",
        "Warga {place} Sambut Tim Desa Antikorupsi KPK",
    ),
    "sosialisasi": (
        "KPK Sosialisasi Antikorupsi kepada Pelajar {place}",
        "ASN {place} Ikuti Bimtek Antikorupsi KPK",
        "Roadshow Bus KPK Singgah di {place}",
    ),
    "seremoni": (
        "Pimpinan KPK Hadiri HUT Ke-{number} {place}",
        "{office} {place} Jamu Rombongan KPK Makan Malam",
        "KPK dan Pemda {place} Gelar Senam Bersama Hakordia",
    ),
    "penghargaan": (
        "{place} Raih Penghargaan dari KPK",
        "{office} {place} Terima Piagam Antikorupsi KPK",
        "KPK Apresiasi {place}, Peringkat {number} Nasional",
    ),
}
LEADS = {
    "ott": (
        "Komisi Pemberantasan Korupsi (KPK) menggelar operasi tangkap tangan di {place}, malam.",
        "Tim KPK menangkap {number} orang, termasuk {office} {name}, dalam operasi senyap.",
    ),
    "tahan": (
        "KPK menahan {office} {place} {name} selama 20 hari pertama.",
        "Usai diperiksa sembilan jam, {name} mengenakan rompi tahanan KPK.",
    ),
    "dakwa": (
        "Jaksa penuntut umum KPK mendakwa {name} menerima suap di Pengadilan Tipikor.",
        "Terdakwa {name} dituntut {number} bulan penjara oleh jaksa KPK.",
    ),
    "geledah": (
        "Penyidik KPK menggeledah rumah dinas {office} {place} sejak pagi.",
        "KPK menyita dokumen dan barang elektronik dari kantor dinas di {place}.",
    ),
    "saksi": (
        "KPK memeriksa {name} sebagai saksi perkara pengadaan di {place}.",
        "Juru bicara KPK mengatakan {office} {name} dipanggil untuk dimintai keterangan.",
    ),
    "rakor": (
        "{office} {name} mengikuti rapat koordinasi pencegahan korupsi bersama KPK.",
        "Pemerintah daerah dan KPK membahas tata kelola dalam rakor di aula kantor.",
    ),
    "mcsp": (
        "Capaian Monitoring Controlling Surveillance for Prevention (MCSP) KPK {place} dibahas.",
        "Inspektur memaparkan delapan area intervensi MCSP kepada tim KPK.",
    ),
    "spi": (
        "KPK merilis hasil Survei Penilaian Integritas (SPI) untuk {place}.",
        "Responden SPI KPK di {place} diminta mengisi survei secara jujur.",
    ),
    "aset": (
        "Satgas Korsup KPK meninjau aset pemerintah daerah yang dikuasai pihak lain.",
        "KPK mendorong {place} menyelesaikan sertifikasi tanah milik daerah.",
    ),
    "lhkpn": (
        "KPK mencatat masih ada pejabat {place} yang belum menyampaikan LHKPN.",
        "Laporan harta kekayaan {office} {name} tercatat di situs LHKPN KPK.",
    ),
    "desa": (
        "Tim KPK mengunjungi desa percontohan antikorupsi di {place}.",
        "Satu desa di {place} dinilai KPK sebagai calon Desa Antikorupsi.",
    ),
    "sosialisasi": (
        "KPK memberikan pendidikan antikorupsi kepada ratusan peserta di {place}.",
        "Puluhan pegawai mengikuti bimbingan teknis antikorupsi dari KPK.",
    ),
    "seremoni": (
        "Kemeriahan mewarnai acara yang dihadiri pimpinan KPK di {place}.",
        "{office} {name} menyambut rombongan KPK dengan tarian daerah.",
    ),
    "penghargaan": (
        "KPK menyerahkan penghargaan kepada {office} {name}.",
        "Pemerintah daerah menerima piagam dari KPK atas komitmennya.",
    ),
}
DETAILS = {
    "ott": (
        "Uang tunai dalam kardus turut diamankan.",
        "Mereka dibawa ke Gedung Merah Putih.",
        "Ruang kerja disegel petugas.",
    ),
    "tahan": (
        "Ia disangka menerima komitmen fee proyek jalan.",
        "Penyidik menemukan kecukupan bukti.",
        "Kuasa hukum mengajukan penangguhan.",
    ),
    "dakwa": (
        "Majelis hakim menunda sidang hingga pekan depan.",
        "Dalam surat dakwaan disebut aliran dana ke sejumlah pihak.",
        "Terdakwa menyatakan keberatan.",
    ),
    "geledah": (
        "Petugas bersenjata berjaga di gerbang.",
        "Koper hitam dimasukkan ke dalam mobil.",
        "Pegawai diminta meninggalkan ruangan.",
    ),
    "saksi": (
        "Materi pemeriksaan belum diungkap.",
        "Saksi tiba pukul sembilan dan irit bicara.",
        "Penyidik mendalami proses lelang.",
    ),
    "rakor": (
        "Kegiatan diikuti kepala perangkat daerah.",
        "Rencana aksi ditandatangani bersama.",
        "Pendampingan dilakukan setiap triwulan.",
    ),
    "mcsp": (
        "Area perencanaan dan penganggaran masih rendah.",
        "Dokumen diunggah sebelum tenggat.",
        "Perangkat daerah diminta melengkapi bukti dukung.",
    ),
    "spi": (
        "Responden terdiri atas pegawai dan pengguna layanan.",
        "Skor tahun lalu berada di zona waspada.",
        "Survei berlangsung sampai akhir triwulan.",
    ),
    "aset": (
        "Kendaraan dinas belum dikembalikan mantan pejabat.",
        "BPN membantu penerbitan sertifikat.",
        "Lahan pasar dikuasai pihak ketiga.",
    ),
    "lhkpn": (
        "Batas pelaporan akhir Maret.",
        "Sanksi administrasi menanti yang lalai.",
        "Harta berupa tanah dan bangunan tercantum.",
    ),
    "desa": (
        "Ada lima komponen yang dinilai.",
        "Kepala desa memaparkan keterbukaan anggaran.",
        "Warga mengikuti musyawarah desa.",
    ),
    "sosialisasi": (
        "Peserta diajak mengenal sembilan nilai integritas.",
        "Materi disampaikan lewat permainan.",
        "Pelajar antusias bertanya.",
    ),
    "seremoni": (
        "Acara ditutup dengan potong tumpeng.",
        "Lomba dan doorprize memeriahkan suasana.",
        "Tamu disuguhi kuliner khas.",
    ),
    "penghargaan": (
        "Piagam diserahkan dalam acara puncak.",
        "Prestasi ini buah kerja semua pihak.",
        "Trofi dipajang di lobi kantor.",
    ),
}
FILLERS = (
    "Hal itu disampaikan {name} kepada wartawan.",
    "Sejumlah pejabat tampak hadir di lokasi.",
    "Masyarakat berharap ada perubahan.",
    '"Kami mendukung upaya KPK," kata {other}.',
    "Kegiatan berlangsung hingga sore hari.",
    "Pihaknya akan menindaklanjuti dalam waktu dekat.",
    "Belum ada keterangan resmi dari pihak terkait.",
)
