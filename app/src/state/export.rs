//! Exports: a song rendered offline by the same worklet, measured, and written by the delivery; and the way to a loudness, which is a
//! handful of renders that only measure.

use dsp::protocol::InsertId;
use session::Edit;
use session::analysis::Analysis;
use session::compile::{self, Purpose};
use session::destination::Destination;
use session::feed::FeedPlan;
use session::model::{Range, Session, SongId};
use session::target::{self, Limiting, Setting, Solver, Step};
use session::worker::{Delivery, DeliveryFormat, Dither};

use super::Studio;
use crate::audio::{self, Exported, SongState};
use crate::media::Canceller;

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRequest {
    /// The song.
    pub song: SongId,
    /// The part of it.
    pub range: Range,
    /// The file.
    pub delivery: Delivery,
    /// Whether solo is written too.
    pub as_soloed: bool,
    /// Whether it ends with the range, without the tail of what rings on.
    pub is_cut: bool,
    /// A change that this export alone has.
    pub edit: Option<Edit>,
    /// The insert whose reduction is counted.
    pub watched: Option<InsertId>,
}

/// A way to a loudness that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The edit that takes it.
    pub edit: Edit,
    /// The limiter that it turns.
    pub limiter: InsertId,
    /// Its ceiling.
    pub ceiling_dbtp: f32,
    /// The song without the edit.
    pub before: Analysis,
    /// What the song measures with it.
    pub after: Analysis,
    /// What the limiter does.
    pub limiting: Limiting,
}

impl ExportRequest {
    fn compiled(self, session: &Session) -> Option<audio::ExportRequest> {
        let mut changed = None;
        if let Some(edit) = &self.edit {
            let mut copy = session.clone();
            copy.apply(edit).ok()?;
            changed = Some(copy);
        }
        let session = changed.as_ref().unwrap_or(session);
        let song = session.song(self.song)?;
        let purpose = if self.as_soloed { Purpose::ExportAsSoloed } else { Purpose::Export };
        let state = SongState {
            rate_hz: song.rate_hz,
            snapshot: compile::snapshot(song, purpose),
            plan: FeedPlan::from_song(session, song, purpose),
        };
        Some(audio::ExportRequest {
            song: state,
            as_soloed: self.as_soloed,
            range: self.range,
            tail_frames: if self.is_cut { 0 } else { compile::LONGEST_TAIL_S * u64::from(song.rate_hz) },
            delivery: self.delivery,
            watched: self.watched,
        })
    }
}

/// A delivery that only measures.
fn measuring(rate_hz: u32, range: Range) -> Delivery {
    Delivery {
        file_name: String::new(),
        rate_hz,
        file_rate_hz: None,
        ceiling_dbtp: None,
        format: DeliveryFormat::WavFloat,
        dither: Dither::None,
        expected_frames: range.end - range.start,
    }
}

impl Studio {
    /// Renders a song, measures it and writes it into a file if asked; `on_progress` is told how far it is, 0 to 1.
    ///
    /// # Errors
    /// Why it was not done, as a sentence.
    pub async fn export(
        self,
        request: ExportRequest,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + 'static,
    ) -> Result<Exported, String> {
        let Some(request) = self.peek(|session| request.compiled(session)).flatten() else {
            return Err("The song is no longer in the session, so nothing was written.".to_owned());
        };
        self.stop();
        let Some(engine) = self.audio_engine().await else {
            return Err("Audio could not be started, so nothing was written.".to_owned());
        };
        let export = engine.export(request);
        let cancel = export.canceller();
        canceller.on_cancel(move || cancel.cancel());
        export.run(on_progress).await
    }

    /// Measures a song as an export would hold it, with a change that only the measured render has.
    ///
    /// # Errors
    /// Why it was not done, as a sentence.
    pub async fn measure(
        self,
        song: SongId,
        change: Option<(Edit, InsertId)>,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + 'static,
    ) -> Result<(Analysis, Limiting), String> {
        let found = self.peek(|session| session.song(song).map(|song| (song.rate_hz, song.whole()))).flatten();
        let Some((rate_hz, range)) = found.filter(|(_, range)| range.start < range.end) else {
            return Err("There is nothing in this song to measure.".to_owned());
        };
        let (edit, watched) = change.map_or((None, None), |(edit, insert)| (Some(edit), Some(insert)));
        let request = ExportRequest { song, range, delivery: measuring(rate_hz, range), as_soloed: false, is_cut: false, edit, watched };
        let exported = self.export(request, canceller, on_progress).await?;
        Ok((exported.delivered.rendered, exported.limiting))
    }

    /// Measures a part of a song as an export would hold it, cut at its end, with a change that only the measured render has.
    ///
    /// # Errors
    /// Why it was not done, as a sentence.
    pub async fn measure_range(
        self,
        (song, range): (SongId, Range),
        edit: Option<Edit>,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + 'static,
    ) -> Result<Analysis, String> {
        let rate_hz = self.peek(|session| session.song(song).map(|song| song.rate_hz)).flatten();
        let Some(rate_hz) = rate_hz.filter(|_| range.start < range.end) else {
            return Err("There is nothing in this song to measure.".to_owned());
        };
        let request =
            ExportRequest { song, range, delivery: measuring(rate_hz, range), as_soloed: false, is_cut: true, edit, watched: None };
        Ok(self.export(request, canceller, on_progress).await?.delivered.rendered)
    }

    /// What a song measures: what its file does while nothing is done to it, else a render.
    async fn as_it_is(self, song: SongId, canceller: &Canceller, on_progress: impl Fn(f32) + 'static) -> Result<Analysis, String> {
        let file = self.peek(|session| session.plain_file(song).map(|source| source.hash.clone())).flatten();
        if let Some(hash) = file
            && let Ok(media) = self.media().await
            && let Ok(analysis) = media.analyse(&hash, |_| {}).await
        {
            return Ok(analysis);
        }
        Ok(self.measure(song, None, canceller, on_progress).await?.0)
    }

    /// Finds the edit that brings a song to a destination's loudness under its peak limit, by measuring renders of it; `measured` is what
    /// the song measures as it is, where that is known.
    ///
    /// # Errors
    /// Why there is none, as a sentence: out of reach, only with damage, or cancelled.
    pub async fn solve(
        self,
        song: SongId,
        destination: &Destination,
        measured: Option<Analysis>,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + Clone + 'static,
    ) -> Result<Solved, String> {
        let before = match measured {
            Some(measured) => measured,
            None => self.as_it_is(song, canceller, share(on_progress.clone(), 0)).await?,
        };
        let start = self.peek(|session| target::drive_db(session, song)).unwrap_or(0.0);
        let change = |setting: Setting| {
            let edit = self.peek(|session| target::edit(session, song, setting)).flatten();
            edit.ok_or_else(|| "The song is no longer in the session.".to_owned())
        };
        let solver = Solver::new(destination.target_lufs, destination.peak_dbtp, start);
        let mut solver = solver.known(start, before.integrated_lufs);
        let mut tried: Vec<(Setting, Analysis, Limiting)> = Vec::new();
        loop {
            let setting = match solver.step() {
                Step::Try(setting) => setting,
                Step::Reached(setting) => {
                    let found = tried.into_iter().find(|(tried, ..)| *tried == setting);
                    let (_, after, limiting) = found.ok_or("The measured render is lost.")?;
                    if limiting.is_damage() {
                        return Err(damage(destination, &limiting));
                    }
                    let (edit, limiter) = change(setting)?;
                    return Ok(Solved { edit, limiter, ceiling_dbtp: setting.ceiling_dbtp as f32, before, after, limiting });
                }
                Step::OutOfReach(_) => return Err(out_of_reach(destination, tried.last().map(|(_, analysis, _)| analysis))),
            };
            let (analysis, limiting) =
                self.measure(song, Some(change(setting)?), canceller, share(on_progress.clone(), tried.len() + 1)).await?;
            // More drive means more limiting: what is softer than the target and damaged already stays so.
            if limiting.is_damage() && analysis.integrated_lufs < destination.target_lufs {
                return Err(damage(destination, &limiting));
            }
            solver.measured(setting, analysis.integrated_lufs, analysis.true_peak_dbtp);
            tried.push((setting, analysis, limiting));
        }
    }
}

/// Renders are as many as are needed: each one takes half of what is left of the bar.
fn share(on_progress: impl Fn(f32) + 'static, render: usize) -> impl Fn(f32) + 'static {
    let from = 1.0 - 0.5_f32.powi(render as i32);
    move |fraction| on_progress(from + (1.0 - from) * 0.5 * fraction)
}

fn lufs(value: f64) -> String {
    format!("{value:.1}").replace('-', "−")
}

fn damage(destination: &Destination, limiting: &Limiting) -> String {
    format!(
        "{} LUFS for {} cannot be reached without damage: the limiter would take more than 6 dB for {:.0} % of the song. Choose a softer target, or make the mix denser before the limiter.",
        lufs(destination.target_lufs),
        destination.name,
        limiting.deep_share * 100.0
    )
}

fn out_of_reach(destination: &Destination, nearest: Option<&Analysis>) -> String {
    let nearest = nearest.filter(|analysis| !analysis.is_silent()).map_or_else(
        || "The song is silent.".to_owned(),
        |analysis| format!("The limiter’s whole gain leads to {} LUFS.", lufs(analysis.integrated_lufs)),
    );
    format!("{} LUFS for {} is out of reach. {nearest}", lufs(destination.target_lufs), destination.name)
}
