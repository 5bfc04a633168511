//! Everything that Symphonia knows: FLAC, MP3, Vorbis, AAC, ALAC, AIFF, CAF, ADPCM.

use std::collections::VecDeque;

use session::model::SampleFormat;
use symphonia::core::audio::{Audio, AudioBuffer, GenericAudioBufferRef, sample::Sample};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_ADPCM_IMA_QT, CODEC_ID_ADPCM_IMA_WAV, CODEC_ID_ADPCM_MS, CODEC_ID_ALAC, CODEC_ID_FLAC,
    CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_WAVPACK,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::sniff::name_unknown;
use super::source::{AsMedia, ByteSource};
use super::{Frames, MAX_CHANNELS, Notes, Refusal, Samples, Spec};

/// Rate of Opus, whatever the rate of what was encoded.
const OPUS_RATE_HZ: u32 = 48_000;
/// Rate at which the browser decodes when the file does not say its own.
const FALLBACK_RATE_HZ: u32 = 48_000;
/// Packets in a row without a frame after which a file is noise.
const MOST_BARREN_PACKETS: u32 = 4_096;
/// Packets of which at least half must decode before a file is believed to be what it seems.
const TRIAL_PACKETS: u32 = 8;
/// The longest silence that is put in the place of what is lost, in seconds.
const LONGEST_GAP_S: u64 = 30;

/// Reads packets and decodes them.
pub struct CodedReader {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    spec: Spec,
    bits: u32,
    /// Decoded while the file was tried.
    waiting: VecDeque<Samples>,
    promised: Option<u64>,
    keeps_time: bool,
    given: u64,
    damaged: u64,
    ended: bool,
}

impl CodedReader {
    /// Finds the first audio track that can be decoded.
    pub fn open(source: Box<dyn ByteSource>) -> Result<Self, Refusal> {
        let format = probe(source)?;
        let chosen = choose_track(&*format);
        let Some(Chosen { track, params, frames }) = chosen else {
            return Err(Refusal::NotAudio("a film or a container without a sound track"));
        };
        if params.codec == CODEC_ID_OPUS {
            return Err(Refusal::NeedsBrowser(OPUS_RATE_HZ));
        }
        let rate_hz = params.sample_rate.unwrap_or(0);
        // Trimming by a guessed length would cut the end off.
        let options = AudioDecoderOptions::default().gapless(frames.is_some());
        let made = symphonia::default::get_codecs().make_audio_decoder(&params, &options);
        let Ok(decoder) = made else { return Err(not_decodable(params.codec, rate_hz)) };
        let spec = Spec { rate_hz, channels: 0, format: SampleFormat::F32, time_reference: None };
        let bits = width(&params);
        let mut reader = Self {
            format,
            decoder,
            track,
            spec,
            bits,
            waiting: VecDeque::new(),
            promised: frames,
            keeps_time: params.codec == CODEC_ID_FLAC,
            given: 0,
            damaged: 0,
            ended: false,
        };
        reader.try_out(params.codec)?;
        Ok(reader)
    }

    /// Decodes the first packets: what they are is what the file is.
    fn try_out(&mut self, codec: AudioCodecId) -> Result<(), Refusal> {
        let (mut good, mut bad) = (0, 0);
        while good + bad < TRIAL_PACKETS && good <= bad + 1 {
            match self.packet() {
                Some(packet) if self.decode(&packet) => good += 1,
                Some(_) => bad += 1,
                None => break,
            }
        }
        match (good, bad) {
            (0, 0) => Err(Refusal::NoFrames),
            (0, _) if codec == CODEC_ID_AAC => Err(Refusal::NeedsBrowser(self.spec.rate_hz.max(1))),
            (good, bad) if good < bad => Err(Refusal::Unknown),
            _ if self.spec.channels == 0 => Err(Refusal::NoFrames),
            _ => Ok(()),
        }
    }

    /// The next packet of the track.
    fn packet(&mut self) -> Option<Packet> {
        for _ in 0..MOST_BARREN_PACKETS {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => return Some(packet),
                Ok(Some(_)) => {}
                Err(Error::DecodeError(_)) => self.damaged += 1,
                Ok(None) | Err(_) => break,
            }
        }
        self.ended = true;
        None
    }

    /// Decodes a packet; what comes of it waits. Whether it could be decoded.
    fn decode(&mut self, packet: &Packet) -> bool {
        if self.keeps_time {
            self.fill_gap(packet);
        }
        let decoded = match self.decoder.decode(packet) {
            Ok(decoded) => decoded,
            Err(Error::DecodeError(_) | Error::IoError(_)) => {
                self.damaged += 1;
                self.silence(packet.dur.get());
                return false;
            }
            Err(_) => {
                self.ended = true;
                return false;
            }
        };
        let (rate_hz, channels) = (decoded.spec().rate(), decoded.spec().channels().count());
        let (format, samples) = take(&decoded, self.bits);
        if self.spec.channels == 0 {
            self.spec = Spec { rate_hz, channels: channels.min(usize::from(u16::MAX)) as u16, format, ..self.spec };
        }
        if (rate_hz, channels, format) != (self.spec.rate_hz, usize::from(self.spec.channels), self.spec.format) {
            self.ended = true;
            return true;
        }
        self.given += decoded.frames() as u64;
        self.waiting.push_back(samples);
        true
    }

    /// Silence where frames are lost, so that what follows stays in its place.
    fn fill_gap(&mut self, packet: &Packet) {
        let at = u64::try_from(packet.pts.get()).unwrap_or(0);
        if self.spec.channels > 0 && at > self.given {
            self.damaged += 1;
            self.silence(at - self.given);
        }
    }

    fn silence(&mut self, frames: u64) {
        if self.spec.channels == 0 || frames > LONGEST_GAP_S * u64::from(self.spec.rate_hz) {
            return;
        }
        let samples = frames as usize * usize::from(self.spec.channels);
        self.waiting.push_back(match self.spec.format {
            SampleFormat::F32 => Samples::Float(vec![0.0; samples]),
            _ => Samples::Int(vec![0; samples]),
        });
        self.given += frames;
    }
}

impl Frames for CodedReader {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next(&mut self, notes: &mut Notes) -> Result<Option<Samples>, Refusal> {
        let mut barren = 0;
        loop {
            if let Some(samples) = self.waiting.pop_front() {
                return Ok(Some(samples));
            }
            if self.ended || barren > MOST_BARREN_PACKETS {
                break;
            }
            if let Some(packet) = self.packet() {
                self.decode(&packet);
                barren += 1;
            }
        }
        notes.damaged = self.damaged;
        notes.promised = self.promised.filter(|promised| *promised > self.given);
        Ok(None)
    }

    fn progress(&self) -> f32 {
        self.promised.map_or(0.5, |frames| self.given as f32 / frames.max(1) as f32)
    }
}

/// Bits of a sample; where the container does not say, the codec does.
fn width(params: &AudioCodecParameters) -> u32 {
    /// Place of the bit depth in an ALAC magic cookie.
    const ALAC_DEPTH_AT: usize = 5;
    match (params.codec, params.extra_data.as_deref()) {
        (CODEC_ID_ALAC, Some(cookie)) => cookie.get(ALAC_DEPTH_AT).map_or(32, |bits| u32::from(*bits)),
        (CODEC_ID_ADPCM_MS | CODEC_ID_ADPCM_IMA_WAV | CODEC_ID_ADPCM_IMA_QT, _) => 16,
        _ => params.bits_per_sample.unwrap_or(32),
    }
}

/// The track that is read.
struct Chosen {
    track: u32,
    params: AudioCodecParameters,
    /// Frames, when that is known and not guessed.
    frames: Option<u64>,
}

fn choose_track(format: &dyn FormatReader) -> Option<Chosen> {
    let track = format.default_track(TrackType::Audio).or_else(|| format.first_track(TrackType::Audio))?;
    let Some(CodecParameters::Audio(params)) = &track.codec_params else { return None };
    // Without an encoder's tag the length of an MP3 is guessed from its first bit rate.
    let is_known = params.codec != CODEC_ID_MP3 || track.delay.is_some();
    Some(Chosen { track: track.id, params: params.clone(), frames: track.num_frames.filter(|_| is_known) })
}

/// The container, or what the file seems to be instead.
fn probe(mut source: Box<dyn ByteSource>) -> Result<Box<dyn FormatReader>, Refusal> {
    let name = name_unknown(&mut source);
    if matches!(name, Refusal::NotAudio(_) | Refusal::NotRead(_)) {
        return Err(name);
    }
    let media = Box::new(AsMedia(source));
    let stream = MediaSourceStream::new(media, MediaSourceStreamOptions::default());
    symphonia::default::get_probe().probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default()).map_err(|_| name)
}

fn not_decodable(codec: AudioCodecId, rate_hz: u32) -> Refusal {
    match codec {
        CODEC_ID_AC3 => Refusal::NotRead("Dolby Digital (AC-3)"),
        CODEC_ID_WAVPACK => Refusal::NotRead("WavPack"),
        _ if rate_hz > 0 => Refusal::NeedsBrowser(rate_hz),
        _ => Refusal::NeedsBrowser(FALLBACK_RATE_HZ),
    }
}

/// Decoded samples at their own width, which is never made smaller.
fn take(decoded: &GenericAudioBufferRef<'_>, bits: u32) -> (SampleFormat, Samples) {
    use GenericAudioBufferRef as Buffer;
    let int = |samples: Vec<i32>| (SampleFormat::I16, Samples::Int(samples));
    match decoded {
        Buffer::U8(buffer) => int(collect(buffer, |sample| (i32::from(sample) - 128) << 8)),
        Buffer::S8(buffer) => int(collect(buffer, |sample| i32::from(sample) << 8)),
        Buffer::U16(buffer) => int(collect(buffer, |sample| i32::from(sample) - 32_768)),
        Buffer::S16(buffer) => int(collect(buffer, i32::from)),
        Buffer::U24(buffer) => (SampleFormat::I24, Samples::Int(collect(buffer, |sample| sample.inner() as i32 - 8_388_608))),
        Buffer::S24(buffer) => (SampleFormat::I24, Samples::Int(collect(buffer, |sample| sample.inner()))),
        Buffer::U32(buffer) => wide(collect(buffer, |sample| (sample ^ 0x8000_0000) as i32), bits),
        Buffer::S32(buffer) => wide(collect(buffer, |sample| sample), bits),
        Buffer::F32(buffer) => (SampleFormat::F32, Samples::Float(collect(buffer, |sample| sample))),
        Buffer::F64(buffer) => (SampleFormat::F32, Samples::Float(collect(buffer, |sample| sample as f32))),
    }
}

/// 32-bit samples of which only the upper bits count.
fn wide(samples: Vec<i32>, bits: u32) -> (SampleFormat, Samples) {
    match bits {
        0..=16 => (SampleFormat::I16, Samples::Int(samples.into_iter().map(|sample| sample >> 16).collect())),
        17..=24 => (SampleFormat::I24, Samples::Int(samples.into_iter().map(|sample| sample >> 8).collect())),
        _ => (SampleFormat::F32, Samples::Float(samples.into_iter().map(|sample| (f64::from(sample) / 2_147_483_648.0) as f32).collect())),
    }
}

fn collect<S: Sample, T: Copy + Default>(buffer: &AudioBuffer<S>, convert: impl Fn(S) -> T) -> Vec<T> {
    if buffer.spec().channels().count() > MAX_CHANNELS as usize {
        return Vec::new();
    }
    let Some((left, right)) = buffer.plane_pair(0, 1).filter(|_| buffer.num_planes() == 2) else {
        return buffer.iter_interleaved().map(convert).collect();
    };
    let mut samples = vec![T::default(); 2 * left.len()];
    for (frame, (left, right)) in samples.as_chunks_mut::<2>().0.iter_mut().zip(left.iter().zip(right)) {
        *frame = [convert(*left), convert(*right)];
    }
    samples
}
