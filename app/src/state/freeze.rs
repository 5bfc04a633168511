//! Freezing tracks and groups: what stands before the fader is exported alone, brought in as a source, and played in its place.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::freeze;
use session::worker::{Delivery, DeliveryFormat, Dither};

use super::{ExportRequest, Studio};
use crate::media::Canceller;

/// The part of the work that is rendering; the rest is reading the render in.
const RENDER_SHARE: f32 = 0.9;

/// What is being frozen.
#[derive(Clone, Copy)]
pub struct Freezing {
    /// Name of the strip and how far it is, 0 to 1; `None` while nothing is frozen.
    pub now: RwSignal<Option<(String, f32)>>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Freezing {
    /// Nothing.
    pub fn new() -> Self {
        Self { now: RwSignal::new(None), canceller: StoredValue::new_local(Canceller::default()) }
    }

    /// Gives it up; tracks that are frozen already stay so.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }
}

impl Studio {
    /// The tracks that a strip stands for: a track itself, or those whose sound a group takes.
    pub fn tracks_of(self, strip: StripId) -> Vec<StripId> {
        let tracks = self.peek_song(|song| {
            let is_in = |track: &session::model::Strip| {
                let ways = std::iter::successors(Some(track), |from| from.output.and_then(|to| song.strip(to)));
                ways.take(song.strips.len()).any(|on_way| on_way.id == strip)
            };
            song.strips_of(StripKind::Audio).filter(|track| is_in(track)).map(|track| track.id).collect()
        });
        tracks.unwrap_or_default()
    }

    /// Whether a strip can be frozen now.
    pub fn can_freeze(self, strip: StripId) -> bool {
        self.peek_strip(strip, freeze::can_freeze).unwrap_or(false)
    }

    /// Whether a strip is frozen.
    pub fn is_frozen(self, strip: StripId) -> bool {
        self.peek_strip(strip, |strip| strip.frozen.is_some()).unwrap_or(false)
    }

    /// Freezes those of the strips that can be, one after another, each as a step of its own.
    pub fn freeze(self, strips: Vec<StripId>) {
        let strips: Vec<StripId> = strips.into_iter().filter(|strip| self.can_freeze(*strip)).collect();
        if strips.is_empty() || self.freezing.now.with_untracked(Option::is_some) {
            return;
        }
        let canceller = Canceller::default();
        self.freezing.canceller.set_value(canceller.clone());
        spawn_local(async move {
            let count = strips.len() as f32;
            for (index, strip) in strips.into_iter().enumerate() {
                let name = self.peek_strip(strip, |strip| strip.name.clone()).unwrap_or_default();
                let shown = name.clone();
                let tell = move |part: f32| self.freezing.now.set(Some((shown.clone(), (index as f32 + part) / count)));
                tell(0.0);
                let result = self.freeze_one(strip, &name, &canceller, tell).await;
                if canceller.is_cancelled() {
                    break;
                }
                if let Err(sentence) = result {
                    self.messages.attention(format!("{name} was not frozen. {sentence}"));
                    break;
                }
            }
            self.freezing.now.set(None);
        });
    }

    async fn freeze_one(self, strip: StripId, name: &str, canceller: &Canceller, tell: impl Fn(f32) + 'static) -> Result<(), String> {
        let song = self.peek_song_id().ok_or("There is no song.")?;
        let asked = self.peek(|session| {
            let found = session.song(song)?;
            Some((found.rate_hz, freeze::range(found, found.strip(strip)?)?, freeze::only_head(session, song, strip)?))
        });
        let (rate_hz, range, edit) = asked.flatten().ok_or("It has no clips.")?;
        let delivery = Delivery {
            file_name: "Frozen.wav".to_owned(),
            rate_hz,
            file_rate_hz: Some(rate_hz),
            ceiling_dbtp: None,
            format: DeliveryFormat::WavFloat,
            dither: Dither::None,
            expected_frames: range.end - range.start,
        };
        let request = ExportRequest { song, range, delivery, as_soloed: false, is_cut: false, edit: Some(edit), watched: None };
        let exported = self.export(request, canceller, move |part| tell(RENDER_SHARE * part.clamp(0.0, 1.0))).await?;
        let file = exported.file.ok_or("Its render was not written.")?;
        let media = self.media().await.map_err(|error| error.to_string())?;
        let mut imported = media.import(file, Some(rate_hz), |_| {}).await.map_err(|error| error.to_string())?;
        imported.file_name = format!("{name} frozen");
        let edit = self.peek(|session| freeze::freeze(session, song, strip, imported)).flatten();
        let edit = edit.filter(|_| !canceller.is_cancelled()).ok_or("It was changed meanwhile.")?;
        self.dispatch(self.step_name(strip, "freeze"), edit);
        Ok(())
    }

    /// Brings the clips and inserts of frozen strips back, in one step each.
    pub fn thaw(self, strips: &[StripId]) {
        let Some(song) = self.peek_song_id() else { return };
        for strip in strips {
            if let Some(edit) = self.peek(|session| freeze::thaw(session, song, *strip)).flatten() {
                self.dispatch(self.step_name(*strip, "thaw"), edit);
            }
        }
    }
}
