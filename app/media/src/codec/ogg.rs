//! Opus packets in an Ogg file (RFC 3533, RFC 7845), so that what was checked can be kept and heard elsewhere.

/// Packets of a page: a second of the usual 20 ms.
const PAGE_PACKETS: usize = 50;
/// A page's table has one byte for this many lengths.
const MOST_SEGMENTS: usize = 255;
/// Any number names the one stream of the file.
const STREAM: u32 = 1;
/// Where the pre-skip stands in the identification header.
const PRE_SKIP_AT: usize = 10;

const FIRST_PAGE: u8 = 2;
const LAST_PAGE: u8 = 4;

/// A file of these packets behind their identification header, which plays so many frames at 48 kHz.
pub fn ogg_opus(head: &[u8], packets: &[Vec<u8>], frames: u64) -> Vec<u8> {
    let pre_skip = head.get(PRE_SKIP_AT..PRE_SKIP_AT + 2).map_or(0, |bytes| u64::from(u16::from_le_bytes([bytes[0], bytes[1]])));
    let mut file = File::default();
    file.page(&[head], 0, FIRST_PAGE);
    file.page(&[&tags()], 0, 0);
    let (mut at, mut decoded) = (0, 0);
    while at < packets.len() {
        let mut segments = 0;
        let fits = |packet: &&Vec<u8>| {
            segments += packet.len() / MOST_SEGMENTS + 1;
            segments <= MOST_SEGMENTS
        };
        // A packet is at most 1275 bytes long, so there is room for at least one.
        let count = packets[at..].iter().take(PAGE_PACKETS).take_while(fits).count().max(1);
        let page: Vec<&[u8]> = packets[at..at + count].iter().map(Vec::as_slice).collect();
        at += count;
        decoded += page.iter().map(|packet| packet_frames(packet)).sum::<u64>();
        let is_last = at == packets.len();
        // The last position cuts the padding of the last packet off.
        let position = if is_last { decoded.min(pre_skip + frames) } else { decoded };
        file.page(&page, position, if is_last { LAST_PAGE } else { 0 });
    }
    file.bytes
}

/// The comment header: who wrote it, and no comments.
fn tags() -> Vec<u8> {
    const VENDOR: &[u8] = b"Headroom";
    [b"OpusTags", &(VENDOR.len() as u32).to_le_bytes()[..], VENDOR, &0u32.to_le_bytes()].concat()
}

/// Frames at 48 kHz that a packet holds, by its first bytes (RFC 6716, 3.1).
fn packet_frames(packet: &[u8]) -> u64 {
    let Some(first) = packet.first() else { return 0 };
    let config = usize::from(first >> 3);
    let each = match config {
        0..=11 => [480, 960, 1_920, 2_880][config % 4],
        12..=15 => [480, 960][config % 2],
        _ => [120, 240, 480, 960][config % 4],
    };
    match first & 3 {
        0 => each,
        1 | 2 => 2 * each,
        _ => each * u64::from(packet.get(1).map_or(0, |count| count & 0x3f)),
    }
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    pages: u32,
}

impl File {
    /// Appends a page of whole packets.
    fn page(&mut self, packets: &[&[u8]], position: u64, kind: u8) {
        let mut lengths = Vec::new();
        for packet in packets {
            lengths.resize(lengths.len() + packet.len() / MOST_SEGMENTS, 255);
            lengths.push((packet.len() % MOST_SEGMENTS) as u8);
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(b"OggS\0");
        self.bytes.push(kind);
        self.bytes.extend_from_slice(&position.to_le_bytes());
        self.bytes.extend_from_slice(&STREAM.to_le_bytes());
        self.bytes.extend_from_slice(&self.pages.to_le_bytes());
        let sum_at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.push(lengths.len() as u8);
        self.bytes.extend_from_slice(&lengths);
        packets.iter().for_each(|packet| self.bytes.extend_from_slice(packet));
        let sum = checksum(&self.bytes[start..]);
        self.bytes[sum_at..sum_at + 4].copy_from_slice(&sum.to_le_bytes());
        self.pages += 1;
    }
}

/// CRC-32 of a page: polynomial 0x04c11db7, neither mirrored nor inverted.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        let mixed = sum ^ (u32::from(*byte) << 24);
        (0..8).fold(mixed, |sum, _| if sum >> 31 == 1 { (sum << 1) ^ 0x04c1_1db7 } else { sum << 1 })
    })
}
