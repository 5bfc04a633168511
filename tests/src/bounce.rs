//! The scripted render: an archive in, a WAV out.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use media::archive::open_archive;
use media::delivery::WavWriter;
use media::resample::Resampler;
use media::source::StoreSource;
use media::store::{MemoryFiles, Store, StoreError, now};
use session::compile::{self, Purpose};
use session::feed::{FeedError, FeedPlan, PlannedSource, SampleSource};
use session::model::{Range, SampleFormat, Session, Song, SourceId};
use session::worker::Dither;

use crate::render::{MemorySamples, Pace, render};

/// How it is called.
pub const USAGE: &str =
    "bounce SESSION.headroom OUT.wav [--song NAME] [--bits 16|24|32f] [--dither none|tpdf|gentle|medium|strong] [--range START END]";

/// What is to be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The session file.
    pub session: PathBuf,
    /// The WAV.
    pub out: PathBuf,
    /// Name of the song; the mix, or the first song, without one.
    pub song: Option<String>,
    /// Its samples.
    pub format: SampleFormat,
    /// Dither of integers.
    pub dither: Dither,
    /// What is rendered; the whole song without one.
    pub range: Option<Range>,
}

impl Job {
    /// From a command line.
    ///
    /// # Errors
    /// A sentence.
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut files = Vec::new();
        let mut job =
            Self { session: PathBuf::new(), out: PathBuf::new(), song: None, format: SampleFormat::F32, dither: Dither::None, range: None };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().map(String::as_str).ok_or_else(|| format!("{argument} wants a value. {USAGE}"));
            match argument.as_str() {
                "--song" => job.song = Some(value()?.to_owned()),
                "--bits" => job.format = parse_bits(value()?)?,
                "--dither" => job.dither = parse_dither(value()?)?,
                "--range" => job.range = Some(Range { start: parse_frame(value()?)?, end: parse_frame(value()?)? }),
                option if option.starts_with("--") => return Err(format!("There is no option {option}. {USAGE}")),
                file => files.push(PathBuf::from(file)),
            }
        }
        [job.session, job.out] = files.try_into().map_err(|_| format!("Two files are wanted. {USAGE}"))?;
        if job.range.is_some_and(|range| range.start >= range.end) {
            return Err("A range ends after it starts.".into());
        }
        Ok(job)
    }
}

fn parse_bits(text: &str) -> Result<SampleFormat, String> {
    match text {
        "16" => Ok(SampleFormat::I16),
        "24" => Ok(SampleFormat::I24),
        "32f" => Ok(SampleFormat::F32),
        _ => Err(format!("--bits is 16, 24 or 32f, not {text}.")),
    }
}

fn parse_dither(text: &str) -> Result<Dither, String> {
    match text {
        "none" => Ok(Dither::None),
        "tpdf" => Ok(Dither::Triangular),
        "gentle" => Ok(Dither::ShapedGentle),
        "medium" => Ok(Dither::ShapedMedium),
        "strong" => Ok(Dither::ShapedStrong),
        _ => Err(format!("--dither is none, tpdf, gentle, medium or strong, not {text}.")),
    }
}

fn parse_frame(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("--range takes two frames, and {text} is none."))
}

/// Renders; gives a line that says what was written.
///
/// # Errors
/// A sentence.
pub fn bounce(job: &Job) -> Result<String, String> {
    let name = job.session.display().to_string();
    let file = File::open(&job.session).map_err(|error| format!("{name} cannot be opened: {error}."))?;
    let (session, mut store) = open_archive(Box::new(file), &name).map_err(|error| error.to_string())?;
    let song = find_song(&session, job.song.as_deref())?;
    let mut samples =
        Samples::open(&mut store, &FeedPlan::from_song(&session, song, Purpose::Export)).map_err(|error| error.to_string())?;
    let mut writer = create(&job.out, job, song.rate_hz)?;
    let range = job.range.unwrap_or_else(|| song.whole());
    let mut frames = Vec::new();
    let written = render((&session, song, range), Purpose::Export, &mut samples, Pace::default(), |left, right| {
        frames.clear();
        frames.extend(left.iter().zip(right).flat_map(|(left, right)| [*left, *right]));
        writer.push(&frames).map_err(|error| error.to_string())
    });
    written.map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    let note = compile::left_out(song, Purpose::Export).map(|note| format!(" {note}")).unwrap_or_default();
    Ok(format!("{}: {} frames at {} Hz.{note}", job.out.display(), writer.frames(), song.rate_hz))
}

/// The plan's sources: those of the song's rate from the archive, the others resampled in memory.
struct Samples {
    stored: StoreSource,
    resampled: MemorySamples,
}

impl Samples {
    fn open(store: &mut Store<MemoryFiles>, plan: &FeedPlan) -> Result<Self, StoreError> {
        let mut resampled = MemorySamples::default();
        let (own, other): (Vec<_>, Vec<_>) = plan.sources.iter().cloned().partition(|source| source.rate_hz == plan.rate_hz);
        for source in other {
            resampled.0.insert(source.id, resample(store, &source, plan.rate_hz)?);
        }
        let stored = now(StoreSource::open(store, &FeedPlan { sources: own, ..plan.clone() }));
        Ok(Self { stored, resampled })
    }
}

impl SampleSource for Samples {
    fn read(&mut self, source: SourceId, start_frame: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), FeedError> {
        if self.resampled.0.contains_key(&source) {
            self.resampled.read(source, start_frame, left, right)
        } else {
            self.stored.read(source, start_frame, left, right)
        }
    }
}

fn resample(store: &mut Store<MemoryFiles>, source: &PlannedSource, rate_hz: u32) -> Result<Vec<Vec<f32>>, StoreError> {
    let mut reader = now(store.reader(&source.hash, None, &source.file_name))?;
    let channels = usize::from(source.channels);
    let frames = usize::try_from(reader.frames()).unwrap_or(usize::MAX);
    let mut planes = vec![vec![0.0; frames]; channels];
    let (left, right) = planes.split_at_mut(1);
    reader.read(0, &mut left[0], right.first_mut().map(Vec::as_mut_slice))?;
    let interleaved: Vec<f32> = (0..frames).flat_map(|frame| planes.iter().map(move |plane| plane[frame])).collect();
    let mut out = Vec::new();
    if let Some(mut resampler) = Resampler::new(source.rate_hz, rate_hz, source.channels) {
        resampler.push(&interleaved, &mut out);
        resampler.finish(&mut out);
    }
    Ok((0..channels).map(|channel| out.iter().skip(channel).step_by(channels).copied().collect()).collect())
}

fn find_song<'a>(session: &'a Session, name: Option<&str>) -> Result<&'a Song, String> {
    let found = match name {
        Some(name) => session.songs.iter().find(|song| song.name == name),
        None => session.mix().or(session.songs.first()),
    };
    found.ok_or_else(|| match name {
        Some(name) => format!("The session has no song called {name}."),
        None => "The session has no song.".into(),
    })
}

fn create(out: &Path, job: &Job, rate_hz: u32) -> Result<WavWriter, String> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(out);
    let file = file.map_err(|error| format!("{} cannot be written: {error}.", out.display()))?;
    WavWriter::new(Rc::new(file), job.format, rate_hz, 2, job.dither).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Job, String> {
        Job::parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_whole_command_line_is_understood() {
        let job = parse("a.headroom b.wav --song Mix --bits 24 --dither tpdf --range 100 2000").expect("a job");
        assert_eq!((job.session.to_str(), job.out.to_str(), job.song.as_deref()), (Some("a.headroom"), Some("b.wav"), Some("Mix")));
        assert_eq!((job.format, job.dither, job.range), (SampleFormat::I24, Dither::Triangular, Some(Range { start: 100, end: 2000 })));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert!(parse("a b --bits 12").expect_err("12 bits").contains("not 12"));
        assert!(parse("a b --loud").expect_err("no such option").contains("--loud"));
        assert!(parse("a").expect_err("one file").starts_with("Two files"));
        assert!(parse("a b --range 5 5").is_err());
    }
}
