//! Reaching a loudness: which edit brings a song there by its master's limiter, and which gain to try next.
//!
//! One number is turned, the drive in dB: the limiter's gain, and the fader for what lies under its range. So a song that is turned down is
//! limited less, however far over full scale it is. Loudness rises with the drive, by at most as much; the solver goes by measured renders and
//! stays between those that were too soft and too loud.

use dsp::protocol::InsertId;
use serde::{Deserialize, Serialize};

use crate::destination::TARGET_TOLERANCE_LU;
use crate::edit::Edit;
use crate::model::{Insert, Session, SongId, Strip, Target};

/// The processor that is turned.
const LIMITER: &str = "limiter";
/// The limiter's gain goes so far, up and down.
const MOST_DRIVE_DB: f64 = 30.0;
/// No song needs to be turned down further.
const LEAST_DRIVE_DB: f64 = -60.0;
/// Nearer than this there is nothing to gain: half of what a file may be off, the rest is left to resampling and to another meter.
const CLOSE_LU: f64 = 0.05;
/// Meters of two makes read a true peak differently by about so much: the ceiling stays under the limit by it.
const METER_MARGIN_DB: f64 = 0.05;
/// More renders do not help: the loudness has stopped to rise.
const MOST_TRIES: usize = 12;

/// Limiting that is deeper counts as deep.
pub const DEEP_LIMITING_DB: f32 = dsp::engine::DEEP_DB;
/// Deep limiting for more of the song than this is damage.
pub const DAMAGE_SHARE: f64 = 0.1;

/// How much a limiter took away over a whole render.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limiting {
    /// Share of the time under more than [`DEEP_LIMITING_DB`].
    pub deep_share: f64,
    /// The deepest reduction, 0 or less.
    pub deepest_db: f64,
    /// The mean reduction, 0 or less.
    pub mean_db: f64,
}

impl Limiting {
    /// From what the engine counted.
    pub fn of(counted: dsp::engine::Limiting) -> Self {
        let records = f64::from(counted.records.max(1));
        Self {
            deep_share: f64::from(counted.deep) / records,
            deepest_db: f64::from(counted.deepest_db),
            mean_db: f64::from(counted.sum_db) / records,
        }
    }

    /// Whether it is more than a master bears.
    pub fn is_damage(&self) -> bool {
        self.deep_share > DAMAGE_SHARE
    }
}

/// The edit that sets a song's drive and ceiling, and the limiter that it turns: the last one of the master that is not bypassed, or a new one
/// at the end. `None` when the song is gone.
pub fn edit(session: &Session, song: SongId, setting: Setting) -> Option<(Edit, InsertId)> {
    let strip = session.song(song)?.master()?;
    let drive = setting.drive_db.clamp(LEAST_DRIVE_DB, MOST_DRIVE_DB);
    let gain_db = drive.max(-MOST_DRIVE_DB);
    let values = [("gain", gain_db as f32), ("ceiling", setting.ceiling_dbtp as f32), ("true_peak", 1.0)];
    let mut edits = Vec::new();
    let id = match limiter(strip) {
        Some(insert) => {
            for (id, value) in values {
                set(&mut edits, song, strip, Target::Insert(insert.id, id.into()), value);
            }
            insert.id
        }
        None => {
            let mut insert = Insert::new(&mut session.ids(), LIMITER);
            let id = insert.id;
            insert.values.extend(values.map(|(id, value)| (id.to_owned(), value)));
            edits.push(Edit::AddInsert { song, strip: strip.id, at: usize::MAX, insert });
            id
        }
    };
    set_fader(&mut edits, song, strip, (drive - gain_db) as f32);
    Some((Edit::Batch(edits), id))
}

/// The drive at which a song stands.
pub fn drive_db(session: &Session, song: SongId) -> f64 {
    let Some(strip) = session.song(song).and_then(|song| song.master()) else { return 0.0 };
    let gain = limiter(strip).map_or(0.0, |insert| strip.value_of(&Target::Insert(insert.id, "gain".into())));
    f64::from(gain + strip.value_of(&Target::Strip("volume".into())).min(0.0))
}

/// The true peak that a song's limiter holds; `None` without one.
pub fn ceiling_dbtp(session: &Session, song: SongId) -> Option<f32> {
    let strip = session.song(song)?.master()?;
    let insert = limiter(strip)?;
    Some(strip.value_of(&Target::Insert(insert.id, "ceiling".into())))
}

/// The limiter that is turned: the last one that is not bypassed.
pub fn limiter(strip: &Strip) -> Option<&Insert> {
    strip.inserts.iter().rev().find(|insert| insert.processor == LIMITER && !insert.bypassed)
}

/// An automated fader keeps its moves; what it would do is then done before the chain.
fn set_fader(edits: &mut Vec<Edit>, song: SongId, strip: &Strip, value: f32) {
    let is_automated = |id: &str| strip.lane(&Target::Strip(id.into())).is_some_and(|lane| lane.enabled);
    if !is_automated("volume") {
        set(edits, song, strip, Target::Strip("volume".into()), value);
    } else if value < 0.0 {
        set(edits, song, strip, Target::Strip("trim".into()), value);
    }
}

fn set(edits: &mut Vec<Edit>, song: SongId, strip: &Strip, target: Target, value: f32) {
    if strip.lane(&target).is_some() {
        edits.push(Edit::SetLane { song, strip: strip.id, target: target.clone(), lane: None });
    }
    edits.push(Edit::SetValue { song, strip: strip.id, target, value });
}

/// How a song's limiter and fader stand.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// See the module's text.
    pub drive_db: f64,
    /// The limiter's ceiling.
    pub ceiling_dbtp: f64,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Render so and [`Solver::measured`] what comes of it.
    Try(Setting),
    /// This has the loudness, with its true peak under the limit.
    Reached(Setting),
    /// Nothing has; this comes nearest.
    OutOfReach(Setting),
}

/// A render.
#[derive(Clone, Copy, Debug)]
struct Tried {
    setting: Setting,
    lufs: f64,
    is_over: bool,
}

/// See the module's text.
#[derive(Clone, Debug)]
pub struct Solver {
    target_lufs: f64,
    peak_dbtp: f64,
    margin_db: f64,
    next_db: f64,
    tried: Vec<Tried>,
    /// A render of before: it tells the slope, and is no result.
    known: Option<(f64, f64)>,
}

impl Solver {
    /// Towards a loudness under a true peak, from the drive at which the song stands.
    pub fn new(target_lufs: f64, peak_dbtp: f64, drive_db: f64) -> Self {
        let next_db = drive_db.clamp(LEAST_DRIVE_DB, MOST_DRIVE_DB);
        Self { target_lufs, peak_dbtp, margin_db: METER_MARGIN_DB, next_db, tried: Vec::new(), known: None }
    }

    /// The song as it stands has this loudness at this drive: the first try goes on from there.
    pub fn known(mut self, drive_db: f64, lufs: f64) -> Self {
        if lufs.is_finite() {
            self.known = Some((drive_db, lufs));
            self.next_db = (drive_db + self.target_lufs - lufs).clamp(LEAST_DRIVE_DB, MOST_DRIVE_DB);
        }
        self
    }

    /// Everything that was measured, as drive and loudness.
    fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let tried = self.tried.iter().map(|tried| (tried.setting.drive_db, tried.lufs));
        let is_new = |known: &(f64, f64)| self.tried.iter().all(|tried| (tried.setting.drive_db - known.0).abs() > 1e-6);
        tried.chain(self.known.filter(is_new))
    }

    /// What to do next.
    pub fn step(&self) -> Step {
        let next = self.setting(self.next_db);
        let Some(best) = self.best() else { return Step::Try(next) };
        let off = (best.lufs - self.target_lufs).abs();
        let is_known = self.tried.iter().any(|tried| (tried.setting.drive_db - self.next_db).abs() < 1e-6);
        let may_go_on = self.tried.len() < MOST_TRIES;
        if off > CLOSE_LU && may_go_on && !is_known {
            Step::Try(next)
        } else if off > TARGET_TOLERANCE_LU {
            Step::OutOfReach(best.setting)
        } else if best.is_over && may_go_on {
            Step::Try(self.setting(best.setting.drive_db))
        } else {
            Step::Reached(best.setting)
        }
    }

    fn setting(&self, drive_db: f64) -> Setting {
        Setting { drive_db, ceiling_dbtp: self.peak_dbtp - self.margin_db }
    }

    /// A render so has this loudness and this true peak.
    pub fn measured(&mut self, setting: Setting, lufs: f64, true_peak_dbtp: f64) {
        let drive_db = setting.drive_db;
        let over = true_peak_dbtp - self.peak_dbtp;
        if over > 0.0 {
            self.margin_db += over + 0.5 * METER_MARGIN_DB;
        }
        self.tried.retain(|tried| tried.setting.drive_db != drive_db);
        self.tried.push(Tried { setting, lufs: if lufs.is_finite() { lufs } else { -200.0 }, is_over: over > 0.0 });
        let (softer, louder): (Vec<_>, Vec<_>) = self.points().partition(|(_, lufs)| *lufs < self.target_lufs);
        let low = softer.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let high = louder.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let next = match (low, high) {
            (Some(low), Some(high)) => self.between(low, high),
            (Some(low), None) => self.beyond(low),
            (None, Some(high)) => self.beyond(high),
            (None, None) => drive_db,
        };
        self.next_db = next.clamp(LEAST_DRIVE_DB, MOST_DRIVE_DB);
    }

    fn best(&self) -> Option<Tried> {
        let off = |tried: &Tried| (tried.lufs - self.target_lufs).abs();
        self.tried.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b)))
    }

    /// On the straight line between two renders; when the last two fell on one side, the other side's error counts half, so that the
    /// step goes over (the Illinois rule of the regula falsi: Dowell and Jarratt, BIT 1971).
    fn between(&self, low: (f64, f64), high: (f64, f64)) -> f64 {
        let mut errors = [self.target_lufs - low.1, high.1 - self.target_lufs];
        if let [.., before, last] = self.tried.as_slice() {
            match [before, last].map(|tried| tried.lufs < self.target_lufs) {
                [true, true] => errors[1] *= 0.5,
                [false, false] => errors[0] *= 0.5,
                _ => {}
            }
        }
        let share = errors[0] / (errors[0] + errors[1]).max(f64::MIN_POSITIVE);
        low.0 + share.clamp(0.01, 0.99) * (high.0 - low.0)
    }

    /// On from the nearest render by the slope that was seen last, at most 1 dB a decibel and no flatter than a fifth.
    fn beyond(&self, nearest: (f64, f64)) -> f64 {
        let others = self.points().filter(|other| (other.0 - nearest.0).abs() > 1e-6);
        let other = others.min_by(|a, b| (a.0 - nearest.0).abs().total_cmp(&(b.0 - nearest.0).abs()));
        let slope = other.map_or(1.0, |other| (nearest.1 - other.1) / (nearest.0 - other.0)).clamp(0.2, 1.0);
        nearest.0 + (self.target_lufs - nearest.1) / slope
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SampleFormat, Song, Source, SourceId};

    /// Solves against a curve; gives the outcome and how many renders it took.
    fn solve(target: f64, start: f64, lufs: impl Fn(f64) -> f64) -> (Step, usize) {
        let mut solver = Solver::new(target, -1.0, start);
        for tries in 0..100 {
            match solver.step() {
                // A meter that reads the limiter's ceiling 0.2 dB high.
                Step::Try(setting) => solver.measured(setting, lufs(setting.drive_db), setting.ceiling_dbtp + 0.2),
                end => return (end, tries),
            }
        }
        panic!("it does not end");
    }

    /// A song of −18 LUFS whose limiter sets in softly at 4 dB and gives 12 dB at the most.
    fn limited(drive: f64) -> f64 {
        -18.0 + if drive < 4.0 { drive } else { 4.0 + 8.0 * (1.0 - libm::exp(-(drive - 4.0) / 8.0)) }
    }

    #[test]
    fn every_target_under_the_limiter_s_end_is_reached_in_a_few_renders() {
        for target in [-40.0, -23.0, -18.0, -16.0, -14.0, -12.0, -10.0, -8.0] {
            for start in [-10.0, 0.0, 6.0, 20.0] {
                let (Step::Reached(Setting { drive_db: drive, ceiling_dbtp }), tries) = solve(target, start, limited) else {
                    panic!("{target} from {start}")
                };
                assert!(ceiling_dbtp + 0.2 <= -1.0);
                assert!((limited(drive) - target).abs() <= TARGET_TOLERANCE_LU, "{target} from {start}: {}", limited(drive));
                assert!(tries <= 8, "{tries} renders for {target} from {start}");
            }
        }
    }

    #[test]
    fn a_render_of_before_saves_another() {
        let tries = |solver: Solver| {
            let mut solver = solver;
            (0..100).find(|_| match solver.step() {
                Step::Try(setting) => {
                    solver.measured(setting, limited(setting.drive_db), setting.ceiling_dbtp);
                    false
                }
                Step::Reached(setting) => {
                    assert!((limited(setting.drive_db) + 10.0).abs() <= TARGET_TOLERANCE_LU);
                    true
                }
                Step::OutOfReach(_) => panic!("within reach"),
            })
        };
        let with = tries(Solver::new(-10.0, -1.0, 0.0).known(2.0, limited(2.0)));
        let without = tries(Solver::new(-10.0, -1.0, 2.0));
        assert!(with < without, "{with:?} and {without:?} renders");
        assert!(with.is_some_and(|count| count <= 4), "{with:?} renders");
    }

    #[test]
    fn what_the_limiter_cannot_give_and_silence_are_out_of_reach() {
        assert!(matches!(solve(-5.0, 0.0, limited).0, Step::OutOfReach(setting) if setting.drive_db > 20.0));
        assert!(matches!(solve(-14.0, 0.0, |_| f64::NEG_INFINITY).0, Step::OutOfReach(_)));
    }

    fn session() -> (Session, SongId) {
        let mut session = Session::new("0".repeat(32), "S");
        let source = Source {
            id: SourceId(900),
            hash: "0".repeat(64),
            file_name: "a.wav".into(),
            rate_hz: 48_000,
            channels: 2,
            frames: 48_000,
            format: SampleFormat::I16,
            notes: Vec::new(),
            time_reference: None,
        };
        session.apply(&Edit::AddSource { at: 0, source: source.clone() }).expect("a source");
        let song = Song::stereo(&mut session.ids(), "Song", 48_000, &source);
        let id = song.id;
        session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
        (session, id)
    }

    #[test]
    fn a_drive_is_the_limiter_s_gain_with_the_fader_under_its_range_and_the_edit_can_be_undone() {
        let (mut session, song) = session();
        let before = session.clone();
        for drive in [5.5, -7.25, -41.5, 0.0] {
            let (edit, limiter) = edit(&session, song, Setting { drive_db: drive, ceiling_dbtp: -1.0 }).expect("an edit");
            let undo = session.apply(&edit).expect("an edit that fits");
            let master = session.song(song).and_then(Song::master).expect("a master");
            assert_eq!(master.inserts.iter().filter(|insert| insert.processor == LIMITER).count(), 1);
            assert_eq!(master.inserts[0].id, limiter);
            assert!((drive_db(&session, song) - drive).abs() < 1e-6);
            let fader = master.value_of(&Target::Strip("volume".into()));
            assert_eq!(fader, if drive == -41.5 { -11.5 } else { 0.0 });
            assert_eq!(ceiling_dbtp(&session, song), Some(-1.0));
            if drive == 5.5 {
                session.apply(&undo).expect("undone");
                assert_eq!(session.songs, before.songs);
                session.apply(&edit).expect("an edit that fits");
            }
        }
    }
}
