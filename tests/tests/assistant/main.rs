//! The assistant's ledger against measurements that share nothing with it ([`tests::confirm`]): a song with faults that were put in, and real
//! songs.

mod songs;

use media::import::import_planes;
use media::store::now;
use session::Document;
use session::assist::ledger::{self, Move};
use session::assist::tone::even_slope;
use session::model::{Session, SongId, SourceId};
use session::worker::Order;
use tests::confirm::confirm;
use tests::kept::Kept;
use tests::masters::independent;

const RATE_HZ: u32 = 48_000;
const SECONDS: usize = 8;

/// A song with a constant offset, wide lows, a boom and dull highs: noise through two one-pole low-passes, some of it in the side signal.
fn case() -> Kept {
    let mut state = 7u64;
    let mut noise = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 32) as i32 as f32) / 2_147_483_648.0
    };
    let mut held = [0.0f32; 4];
    let mut planes = [Vec::new(), Vec::new()];
    for frame in 0..SECONDS * RATE_HZ as usize {
        let (a, b) = (noise(), noise());
        held[0] += 0.05 * (a - held[0]);
        held[1] += 0.012 * (b - held[1]);
        let beat = if frame % 24_000 < 6_000 { 0.5 } else { 0.3 };
        let (mid, side) = (beat * (held[0] + 0.12 * a), 0.5 * beat * held[1]);
        planes[0].push(0.01 + mid + side);
        planes[1].push(0.01 + mid - side);
    }
    Kept::stereo(planes, RATE_HZ)
}

fn order(song: SongId) -> Order {
    Order { song, target_lufs: -14.0, peak_dbtp: -1.0, tone: even_slope(), rows: Vec::new(), finds: true }
}

fn lufs_of(case: &mut Kept, session: &Session) -> f64 {
    independent(&case.render(session), RATE_HZ)[0]
}

#[test]
fn every_figure_of_the_ledger_is_confirmed_and_the_target_is_reached() {
    let mut case = case();
    let order = order(case.song);
    let ledger = case.assist(&order);
    let edit = ledger::edit(&case.session, case.song, &ledger.rows).expect("an edit");
    let mut document = Document::new(case.session.clone());
    document.dispatch("Assistant", edit).expect("an edit that fits");
    let (before, after) = (case.render(&case.session.clone()), case.render(document.session()));
    let confirmed = confirm(&ledger, &order.tone, [&before, &after], RATE_HZ);

    let kinds = |wanted: fn(&Move) -> bool| ledger.rows.iter().filter(|row| wanted(&row.what)).count();
    assert_eq!(kinds(|what| *what == Move::RemoveOffset), 1);
    assert_eq!(kinds(|what| matches!(what, Move::MonoBelow(_))), 1);
    assert_eq!(kinds(|what| matches!(what, Move::Loudness { .. })), 1);
    assert!(kinds(|what| matches!(what, Move::Tone(_))) >= 2);
    for line in &confirmed.lines {
        assert!(line.is_confirmed(), "{line:?}");
    }
    for row in &ledger.rows {
        if let Move::Tone(_) | Move::MonoBelow(_) | Move::RemoveOffset = row.what {
            assert!(row.after.abs() < row.before.abs(), "{}: {} to {}", row.what.title(1.0), row.before, row.after);
        }
    }
    let (lufs, true_peak) = (confirmed.lufs, confirmed.peak_dbtp);
    assert!((lufs + 14.0).abs() <= 0.1 && true_peak <= -1.0 + 0.05, "{lufs} LUFS, {true_peak} dBTP");
    assert!(confirmed.tone_db[1] < 0.6 * confirmed.tone_db[0], "{:?}", confirmed.tone_db);

    document.undo().expect("one step");
    assert_eq!(document.session().songs, case.session.songs);
}

#[test]
fn the_same_song_twice_gives_the_same_ledger_and_amounts_are_measured_as_they_are_set() {
    let mut case = case();
    let order = order(case.song);
    let first = case.assist(&order);
    assert_eq!(first, case.assist(&order));
    let mut rows = first.rows.clone();
    rows.iter_mut().filter(|row| matches!(row.what, Move::Tone(_))).for_each(|row| row.amount = 0.0);
    let without_tone = case.assist(&Order { rows, finds: false, ..order.clone() });
    assert!((without_tone.tone_db[1] - without_tone.tone_db[0]).abs() < 0.3, "{:?}", without_tone.tone_db);
    assert!(first.to_text("Song").contains("LUFS"));
}

#[test]
fn what_is_locked_is_kept_and_measured_when_moves_are_found_anew() {
    let mut case = case();
    let order = order(case.song);
    let first = case.assist(&order);
    let mut rows = first.rows.clone();
    let at = rows.iter().position(|row| matches!(row.what, Move::Tone(_))).expect("a band");
    (rows[at].amount, rows[at].is_locked) = (0.3, true);
    let last = rows.last_mut().expect("a row");
    let Move::Loudness { drive_db, .. } = &mut last.what else { panic!("the loudness is not last") };
    *drive_db -= 3.0;
    let softer_db = *drive_db;
    last.is_locked = true;
    let again = case.assist(&Order { rows: rows.clone(), ..order });
    assert_eq!(again.rows.len(), first.rows.len());
    for (before, now) in rows.iter().zip(&again.rows) {
        let is_kept = before.is_locked && (now.what, now.amount, now.is_locked) == (before.what, before.amount, true);
        assert!(is_kept || (!before.is_locked && now.amount == 1.0), "{before:?} is {now:?}");
    }
    let edit = ledger::edit(&case.session, case.song, &again.rows).expect("an edit");
    let mut session = case.session.clone();
    session.apply(&edit).expect("an edit that fits");
    let drive_db = session::target::drive_db(&session, case.song);
    assert!((drive_db - softer_db).abs() < 1e-3, "{drive_db} dB for {softer_db}");
    let lufs = lufs_of(&mut case, &session);
    assert!((again.after.integrated_lufs - lufs).abs() <= 0.1 && lufs < -15.0, "{} against {lufs} LUFS", again.after.integrated_lufs);
}

#[test]
fn what_mastering_cannot_mend_is_refused_and_a_clean_song_has_nothing_refused() {
    let mut case = case();
    let order = order(case.song);
    let clean = case.assist(&order);
    assert!(clean.refusals.iter().all(|refusal| refusal.sentence.contains("target")), "{:?}", clean.refusals);
    let [left, right] = &mut case.samples.0.values_mut().next().expect("a source")[..] else { panic!("two sides") };
    left[1_000..1_010].fill(1.0);
    let planes = vec![left.clone(), right.iter().map(|sample| -sample).collect::<Vec<_>>()];
    let imported = now(import_planes(planes, "broken.wav", RATE_HZ, None, &mut case.store, |_| true)).expect("stored");
    case.session.sources[0] = imported.into_source(SourceId(case.session.sources[0].id.0));
    let broken = case.assist(&order);
    for word in ["Clipped", "against each other"] {
        assert!(broken.refusals.iter().any(|refusal| refusal.sentence.contains(word)), "{word}: {:?}", broken.refusals);
    }
}
