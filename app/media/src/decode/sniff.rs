//! What a file is by its first bytes: tags to skip, and names for what holds no audio.

use super::Refusal;
use super::source::{ByteSource, Window, read_at};

/// Bytes that are looked at to name a file.
const LOOK_BYTES: usize = 512;
/// Length of an ID3v2 header.
const ID3_HEADER_BYTES: usize = 10;
/// More tags than this in a row are no music.
const MOST_TAGS: usize = 16;

/// The file after any ID3v2 tags in front of it.
pub fn skip_tags(mut source: Box<dyn ByteSource>) -> Result<Box<dyn ByteSource>, Refusal> {
    if source.is_empty() {
        return Err(Refusal::Empty);
    }
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        let mut header = [0; ID3_HEADER_BYTES];
        let read = read_at(&mut source, at, &mut header).map_err(|_| Refusal::Unreadable)?;
        let sizes = &header[6..];
        if read < ID3_HEADER_BYTES || !header.starts_with(b"ID3") || sizes.iter().any(|byte| *byte > 0x7f) {
            break;
        }
        let body = sizes.iter().fold(0_u64, |size, byte| size << 7 | u64::from(*byte));
        let footer = if header[5] & 0x10 == 0 { 0 } else { ID3_HEADER_BYTES as u64 };
        at += ID3_HEADER_BYTES as u64 + body + footer;
    }
    let len = source.len();
    Ok(if at == 0 { source } else { Window::new(source, at, len).boxed() })
}

/// A sentence's worth of what an unreadable file is.
pub fn name_unknown(source: &mut dyn ByteSource) -> Refusal {
    const KINDS: &[(usize, &[u8], Refusal)] = &[
        (0, b"\x89PNG", Refusal::NotAudio("a PNG picture")),
        (0, b"\xff\xd8\xff", Refusal::NotAudio("a JPEG picture")),
        (0, b"GIF8", Refusal::NotAudio("a GIF picture")),
        (0, b"%PDF", Refusal::NotAudio("a PDF document")),
        (0, b"PK\x03\x04", Refusal::NotAudio("a ZIP archive")),
        (0, b"MThd", Refusal::NotAudio("a MIDI file, which has notes but no sound")),
        (0, b"wvpk", Refusal::NotRead("WavPack")),
        (0, b"MAC ", Refusal::NotRead("Monkey’s Audio")),
        (0, b"TTA1", Refusal::NotRead("True Audio")),
        (0, b"\x0b\x77", Refusal::NotRead("Dolby Digital (AC-3)")),
        (0, b"\x30\x26\xb2\x75", Refusal::NotRead("Windows Media")),
        (0, b"DSD ", Refusal::NotRead("DSD")),
        (0, b"FRM8", Refusal::NotRead("DSD")),
        (4, b"ftyp", Refusal::Header("its table of contents is missing")),
        (0, b"RIFF", Refusal::Header("its header is broken")),
        (0, b"FORM", Refusal::Header("its header is broken")),
        (0, b"OggS", Refusal::Header("its header is broken")),
        (0, b"fLaC", Refusal::Header("its header is broken")),
    ];
    let mut start = [0; LOOK_BYTES];
    let Ok(read) = read_at(source, 0, &mut start) else { return Refusal::Unreadable };
    let start = &start[..read];
    let known = KINDS.iter().find(|(at, magic, _)| start.get(*at..).is_some_and(|bytes| bytes.starts_with(magic)));
    match known {
        Some((.., refusal)) => refusal.clone(),
        None if is_text(start) => Refusal::NotAudio("text"),
        None => Refusal::Unknown,
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let is_printable = |byte: &u8| *byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n');
    // A character may be cut at the end of what was looked at.
    let valid = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    !bytes.is_empty() && valid && bytes.iter().all(is_printable)
}
