//! What is wrong with a strip's signal, each fault with the number that shows it.

use dsp::protocol::{StripId, StripKind};

use crate::assist::{Proposal, difference, number};
use crate::edit::Edit;
use crate::make::Ids;
use crate::model::{Insert, Song, Strip, Target};
use crate::survey::{Level, Pair, Place, StripSurvey, Survey};

use super::FULL_SCALE_DB;

/// An offset is one from here on, −54 dBFS: bass notes that a song's end cuts off have less.
const OFFSET: f64 = 0.002;
/// An offset is mended when the output has less than this share of what the chain got, each against its signal's power.
const MENDED_SHARE: f64 = 0.3;
/// Sides that pull against each other so much have one polarity turned: wide sounds stay above.
const SIDES_CANCEL: f64 = -0.7;
/// As for sides, of two tracks: different instruments are near 0.
const TRACKS_CANCEL: f64 = -0.6;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// So many runs of samples at full scale in the recording.
    Clipped(u32),
    /// A constant offset, full scale at 1.
    Offset(f64),
    /// The right side is the left's mirror image: correlation.
    SidesCancel(f64),
    /// It takes away from another track: which, and their correlation.
    Cancels(StripId, f64),
    /// Levels pass full scale here: how far, and when first so loud.
    Over(Place, f64, u64),
}

impl Fault {
    /// As a sentence.
    pub fn sentence(&self, song: &Song) -> String {
        match *self {
            Self::Clipped(1) => "The recording is clipped in 1 place. No edit brings that back; look for another take.".to_owned(),
            Self::Clipped(runs) => format!("The recording is clipped in {runs} places. No edit brings that back; look for another take."),
            Self::Offset(offset) => format!("A constant offset of {:.1} % of full scale.", offset.abs() * 100.0),
            Self::SidesCancel(correlation) => {
                format!(
                    "Left and right are each other’s mirror image (correlation {}): in mono it almost disappears.",
                    number(correlation, 2)
                )
            }
            Self::Cancels(other, correlation) => {
                let name = song.strip(other).map(|strip| strip.name.as_str()).unwrap_or_default();
                format!("Pulls against {name} (correlation {}): together they lose bass.", number(correlation, 2))
            }
            Self::Over(place, peak_db, frame) => {
                let seconds = frame / u64::from(song.rate_hz.max(1));
                let (minutes, seconds) = (seconds / 60, seconds % 60);
                format!("Passes full scale {}: {} dBFS at {minutes}:{seconds:02}.", place_text(song, place), difference(peak_db))
            }
        }
    }
}

fn place_text(song: &Song, place: Place) -> String {
    match place {
        Place::Head => "going into its chain".to_owned(),
        Place::Insert(insert) => song.insert(insert).map_or_else(String::new, |(_, insert)| format!("behind {}", insert.name())),
        Place::Output => "behind its fader".to_owned(),
    }
}

/// The tracks whose polarity is to be turned, each with the track that it pulls against.
pub fn flips(song: &Song, survey: &Survey) -> Vec<(StripId, Fault)> {
    let against: Vec<&Pair> = survey.pairs.iter().filter(|pair| pair.correlation <= TRACKS_CANCEL).collect();
    // One that pulls against several is the one to turn; of two that only have each other, the softer.
    let weight = |strip: StripId| {
        let pulls = against.iter().filter(|pair| pair.strips.contains(&strip)).count();
        let level = survey.strip(strip).map_or(f64::NEG_INFINITY, |measured| measured.head.rms_db);
        (pulls, -level)
    };
    let mut found: Vec<(StripId, Fault)> = Vec::new();
    for pair in &against {
        let [a, b] = pair.strips;
        if found.iter().any(|(strip, _)| [a, b].contains(strip)) {
            continue;
        }
        let turns_a = weight(a).partial_cmp(&weight(b)).is_some_and(|order| order.is_gt());
        let (turned, other) = if turns_a { (a, b) } else { (b, a) };
        if song.strip(turned).is_some() {
            found.push((turned, Fault::Cancels(other, pair.correlation)));
        }
    }
    found
}

/// What is wrong with a strip.
pub fn of(strip: &Strip, measured: &StripSurvey, flips: &[(StripId, Fault)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if strip.kind == StripKind::Audio {
        if measured.clipped_runs > 0 {
            faults.push(Fault::Clipped(measured.clipped_runs));
        }
        let offset = largest(measured.head.dc);
        if offset.abs() >= OFFSET && relative(&measured.output, measured) >= MENDED_SHARE * relative(&measured.head, measured) {
            faults.push(Fault::Offset(offset));
        }
        if measured.head.correlation <= SIDES_CANCEL && (measured.output.is_silent() || measured.output.correlation <= SIDES_CANCEL) {
            faults.push(Fault::SidesCancel(measured.head.correlation));
        }
        faults.extend(flips.iter().filter(|(turned, _)| *turned == strip.id).map(|(_, fault)| *fault));
    }
    let mut was_over = false;
    for point in &measured.points {
        let is_over = point.peak_db > FULL_SCALE_DB;
        if is_over && !was_over {
            faults.push(Fault::Over(point.place, point.peak_db, point.frame));
        }
        was_over = is_over;
    }
    faults
}

fn largest([left, right]: [f64; 2]) -> f64 {
    if left.abs() >= right.abs() { left } else { right }
}

/// The offset against the signal's power; a strip that is not heard keeps what it had.
fn relative(level: &Level, measured: &StripSurvey) -> f64 {
    let level = if level.is_silent() { &measured.head } else { level };
    largest(level.dc).abs() / libm::pow(10.0, level.rms_db / 20.0)
}

/// What mends them.
pub fn mends(song: &Song, strip: &Strip, faults: &[Fault], ids: &mut Ids) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for fault in faults {
        let (title, reason, edit) = match fault {
            Fault::Offset(offset) => (
                format!("Remove the offset of {}", strip.name),
                format!("{:.1} % of full scale: it takes headroom and clicks at cuts.", offset.abs() * 100.0),
                utility(song, strip, "remove_dc", ids),
            ),
            Fault::SidesCancel(correlation) => (
                format!("Turn the right side of {}", strip.name),
                format!("Correlation {} of left and right.", number(*correlation, 2)),
                utility(song, strip, "polarity_right", ids),
            ),
            Fault::Cancels(other, correlation) => {
                let value = 1.0 - strip.value_of(&Target::Strip("polarity".into()));
                let name = song.strip(*other).map(|strip| strip.name.as_str()).unwrap_or_default();
                (
                    format!("Turn the polarity of {}", strip.name),
                    format!("Correlation {} with {name}.", number(*correlation, 2)),
                    Edit::SetValue { song: song.id, strip: strip.id, target: Target::Strip("polarity".into()), value },
                )
            }
            Fault::Clipped(_) | Fault::Over(..) => continue,
        };
        proposals.push(Proposal { title, reason, edits: vec![edit] });
    }
    proposals
}

/// A Utility at the chain's beginning with one switch on.
fn utility(song: &Song, strip: &Strip, switch: &str, ids: &mut Ids) -> Edit {
    let mut insert = Insert::new(ids, "utility");
    insert.values.insert(switch.to_owned(), 1.0);
    Edit::AddInsert { song: song.id, strip: strip.id, at: 0, insert }
}
