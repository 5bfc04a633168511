//! Where the samples lie in a WAV, RF64, Wave64 or AU file, however its sizes lie.
//!
//! Sources: Microsoft's multimedia data standards (RIFF/WAVE, WAVEFORMATEXTENSIBLE), EBU Tech 3306 (RF64) and 3285 (bext), Sony's
//! Wave64, Sun's AU. The sizes of RIFF itself are never believed, those of chunks as far as the file goes.

use super::pcm::{Encoding, Layout};
use super::source::{ByteSource, read_at};
use super::{MAX_CHANNELS, Notes, Refusal};

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Uncompressed samples.
    Pcm(Layout),
    /// A whole other file at this place (an MP3 in a WAV).
    Inside {
        /// First byte.
        start: u64,
        /// Bytes.
        len: u64,
    },
    /// Somebody else's.
    Other,
}

/// Format numbers of WAVEFORMATEX.
mod tag {
    pub const PCM: u16 = 1;
    pub const MS_ADPCM: u16 = 2;
    pub const FLOAT: u16 = 3;
    pub const A_LAW: u16 = 6;
    pub const MU_LAW: u16 = 7;
    pub const IMA_ADPCM: u16 = 0x11;
    pub const MP2: u16 = 0x50;
    pub const MP3: u16 = 0x55;
    pub const EXTENSIBLE: u16 = 0xfffe;
}

/// Size that says that the real one was not known when it was written, or stands elsewhere.
const UNKNOWN_SIZE: u64 = u32::MAX as u64;
/// Place of the time reference in a bext chunk: after description, originator, its reference, date and time.
const BEXT_TIME_REFERENCE: usize = 256 + 32 + 32 + 10 + 8;
/// Shortest fmt chunk: tag, channels, rate, bytes per second, block, bits.
const FMT_BYTES: usize = 16;
/// Chunks beyond which a file is not walked further.
const MOST_CHUNKS: u32 = 1_000_000;

/// Looks for samples.
pub fn find(source: &mut Box<dyn ByteSource>, notes: &mut Notes) -> Result<Found, Refusal> {
    let mut start = [0; 40];
    let read = read_at(source, 0, &mut start).map_err(|_| Refusal::Unreadable)?;
    let start = &start[..read];
    let is_wave = start.get(8..12) == Some(b"WAVE");
    match start.get(..4) {
        Some(b"RIFF" | b"RF64" | b"BW64") if is_wave => Walk::new(source, Family::Riff).walk(12, notes),
        Some(b"RIFF") if read <= 12 => Err(Refusal::NoFrames),
        Some(b"riff") if read == 40 => Walk::new(source, Family::Wave64).walk(40, notes),
        Some(b".snd") => au(source, start, notes),
        _ => Ok(Found::Other),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Riff,
    Wave64,
}

struct Walk<'a> {
    source: &'a mut Box<dyn ByteSource>,
    family: Family,
    fmt: Option<Vec<u8>>,
    /// First byte and the size that the header says.
    data: Option<(u64, u64)>,
    /// From a ds64 chunk.
    long_data: Option<u64>,
    time_reference: Option<u64>,
}

impl<'a> Walk<'a> {
    fn new(source: &'a mut Box<dyn ByteSource>, family: Family) -> Self {
        Self { source, family, fmt: None, data: None, long_data: None, time_reference: None }
    }

    fn walk(mut self, mut at: u64, notes: &mut Notes) -> Result<Found, Refusal> {
        let len = self.source.len();
        for _ in 0..MOST_CHUNKS {
            let Some((name, body, size)) = self.chunk(at)? else { break };
            match &name {
                b"fmt " if self.fmt.is_none() => self.fmt = Some(self.bytes(body, size.min(64))?),
                b"ds64" => self.read_long_sizes(body, size)?,
                b"bext" => self.read_time_reference(body, size)?,
                b"data" if self.data.is_some() => notes.second_part = true,
                b"data" => {
                    let size = self.data_size(body, size);
                    self.data = Some((body, size));
                }
                _ => {}
            }
            let size =
                if &name == b"data" { self.data.map_or(size, |(first, said)| if first == body { said } else { size }) } else { size };
            at = self.after(body, size);
            if at >= len {
                break;
            }
        }
        self.found(notes)
    }

    /// Name, place and size of the chunk at a place.
    fn chunk(&mut self, at: u64) -> Result<Option<([u8; 4], u64, u64)>, Refusal> {
        let mut header = [0; 24];
        let header_len = if self.family == Family::Riff { 8 } else { 24 };
        if read_at(self.source, at, &mut header[..header_len]).map_err(|_| Refusal::Unreadable)? < header_len {
            return Ok(None);
        }
        let name = [header[0], header[1], header[2], header[3]];
        let size = match self.family {
            Family::Riff => u64::from(u32_at(&header, 4)),
            // Its own header is counted.
            Family::Wave64 => u64_at(&header, 16).saturating_sub(24),
        };
        Ok(Some((name, at + header_len as u64, size)))
    }

    /// Where the next chunk starts: after padding to 2 or 8 bytes.
    fn after(&self, body: u64, size: u64) -> u64 {
        let end = body.saturating_add(size);
        match self.family {
            Family::Riff => end.saturating_add(size & 1),
            Family::Wave64 => end.checked_next_multiple_of(8).unwrap_or(u64::MAX),
        }
    }

    fn bytes(&mut self, at: u64, size: u64) -> Result<Vec<u8>, Refusal> {
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        let read = read_at(self.source, at, &mut bytes).map_err(|_| Refusal::Unreadable)?;
        bytes.truncate(read);
        Ok(bytes)
    }

    fn read_long_sizes(&mut self, body: u64, size: u64) -> Result<(), Refusal> {
        let sizes = self.bytes(body, size.min(16))?;
        if sizes.len() == 16 {
            self.long_data = Some(u64_at(&sizes, 8));
        }
        Ok(())
    }

    fn read_time_reference(&mut self, body: u64, size: u64) -> Result<(), Refusal> {
        let wanted = BEXT_TIME_REFERENCE + 8;
        let bext = self.bytes(body, size.min(wanted as u64))?;
        self.time_reference = (bext.len() == wanted).then(|| u64_at(&bext, BEXT_TIME_REFERENCE)).filter(|frames| *frames > 0);
        Ok(())
    }

    /// A data chunk's size; a writer that could not go back left 0 or the largest number.
    fn data_size(&mut self, body: u64, said: u64) -> u64 {
        let left = self.source.len().saturating_sub(body);
        match (self.family, said) {
            (Family::Riff, UNKNOWN_SIZE) => self.long_data.unwrap_or(left),
            (Family::Riff, 0) if left > 0 && !self.is_chunk_at(body) => left,
            (_, said) => said,
        }
    }

    /// Whether another chunk's name stands here, as after a data chunk that is really empty.
    fn is_chunk_at(&mut self, at: u64) -> bool {
        let mut name = [0; 4];
        matches!(read_at(self.source, at, &mut name), Ok(4)) && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ')
    }

    fn found(self, notes: &mut Notes) -> Result<Found, Refusal> {
        let Some(fmt) = self.fmt else { return Err(Refusal::Header("it does not say what its samples are")) };
        let Some((start, said)) = self.data else { return Err(Refusal::NoFrames) };
        let Some(fmt) = Format::read(&fmt) else { return Err(Refusal::Header("its description of the samples is cut short")) };
        let len = said.min(self.source.len().saturating_sub(start));
        if matches!(fmt.tag, tag::MP3 | tag::MP2) {
            return Ok(Found::Inside { start, len });
        }
        if matches!(fmt.tag, tag::MS_ADPCM | tag::IMA_ADPCM) {
            return Ok(Found::Other);
        }
        let encoding = fmt.encoding()?;
        check_channels(fmt.channels)?;
        let frame = (encoding.bytes() * usize::from(fmt.channels)) as u64;
        if len < frame {
            return Err(Refusal::NoFrames);
        }
        notes.promised = (said > len).then_some(said / frame);
        let Format { channels, rate_hz, .. } = fmt;
        Ok(Found::Pcm(Layout { start, len, encoding, is_big: false, channels, rate_hz, time_reference: self.time_reference }))
    }
}

fn check_channels(channels: u16) -> Result<(), Refusal> {
    if channels == 0 || u32::from(channels) > MAX_CHANNELS { Err(Refusal::Channels(u32::from(channels))) } else { Ok(()) }
}

/// A fmt chunk.
struct Format {
    tag: u16,
    channels: u16,
    rate_hz: u32,
    block: u16,
    bits: u16,
    valid_bits: Option<u16>,
}

impl Format {
    fn read(fmt: &[u8]) -> Option<Self> {
        if fmt.len() < FMT_BYTES {
            return None;
        }
        let (mut tag, bits) = (u16_at(fmt, 0), u16_at(fmt, 14));
        let mut valid_bits = None;
        if tag == tag::EXTENSIBLE {
            // Some writers leave the extension out: then the width tells integers and floats apart as it usually does.
            let extended = fmt.len() >= 26;
            valid_bits = extended.then(|| u16_at(fmt, 18));
            tag = if extended { u16_at(fmt, 24) } else { tag::PCM };
        }
        Some(Self { tag, channels: u16_at(fmt, 2), rate_hz: u32_at(fmt, 4), block: u16_at(fmt, 12), bits, valid_bits })
    }

    fn encoding(&self) -> Result<Encoding, Refusal> {
        match (self.tag, self.bits) {
            (tag::A_LAW, _) => Ok(Encoding::ALaw),
            (tag::MU_LAW, _) => Ok(Encoding::MuLaw),
            (tag::FLOAT, 32) => Ok(Encoding::Float32),
            (tag::FLOAT, 64) => Ok(Encoding::Float64),
            (tag::PCM, 1..=32) => Ok(self.integers()),
            (tag::PCM | tag::FLOAT, _) => Err(Refusal::Header("its header says an impossible width of samples")),
            (other, _) => Err(Refusal::WaveFormat(other)),
        }
    }

    fn integers(&self) -> Encoding {
        let needed = self.bits.div_ceil(8);
        // Samples may lie in wider containers, which only the block's size tells.
        let container = self.block.checked_div(self.channels).unwrap_or(0);
        let is_exact = self.channels > 0 && self.block.is_multiple_of(self.channels);
        let bytes = if is_exact && (needed..=4).contains(&container) { container } else { needed } as u8;
        if bytes == 1 {
            return Encoding::Unsigned8;
        }
        let valid = self.valid_bits.filter(|valid| (1..=self.bits).contains(valid)).unwrap_or(self.bits);
        // Fewer bits are at the top of their bytes, so whole bytes are kept.
        let bits = (valid.div_ceil(8) * 8).max(16) as u8;
        Encoding::Signed { bytes, bits }
    }
}

/// Sun's AU: one header, big-endian.
fn au(source: &mut Box<dyn ByteSource>, start: &[u8], notes: &mut Notes) -> Result<Found, Refusal> {
    if start.len() < 24 {
        return Err(Refusal::NoFrames);
    }
    let word = |at: usize| u32::from_be_bytes([start[at], start[at + 1], start[at + 2], start[at + 3]]);
    let encoding = match word(12) {
        1 => Encoding::MuLaw,
        2 => Encoding::Signed { bytes: 1, bits: 16 },
        3 => Encoding::Signed { bytes: 2, bits: 16 },
        4 => Encoding::Signed { bytes: 3, bits: 24 },
        5 => Encoding::Signed { bytes: 4, bits: 32 },
        6 => Encoding::Float32,
        7 => Encoding::Float64,
        27 => Encoding::ALaw,
        _ => return Err(Refusal::NotRead("a compressed AU file")),
    };
    let channels = u16::try_from(word(20)).map_err(|_| Refusal::Channels(word(20)))?;
    check_channels(channels)?;
    let first = u64::from(word(4)).max(24);
    let left = source.len().saturating_sub(first);
    let said = if u64::from(word(8)) == UNKNOWN_SIZE { left } else { u64::from(word(8)) };
    let (len, frame) = (said.min(left), (encoding.bytes() * usize::from(channels)) as u64);
    if len < frame {
        return Err(Refusal::NoFrames);
    }
    notes.promised = (said > len).then_some(said / frame);
    Ok(Found::Pcm(Layout { start: first, len, encoding, is_big: true, channels, rate_hz: word(16), time_reference: None }))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
