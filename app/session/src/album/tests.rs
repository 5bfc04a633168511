//! Albums from their edits to the grid, the sheet, the sides and the gains.

use super::cd::{self, CdTrack, frame_of, sector_from};
use super::edits::{add, begin, change_album, change_one, move_to, remove, set_gains};
use super::level::{Level, Standing, bring, off_by_lu, whole, whole_lufs};
use super::vinyl::{FORMATS, Groove, Length, Order, plan};
use super::{Entry, entries, of, playback};
use crate::Document;
use crate::analysis::{ANALYSIS_VERSION, Analysis, BANDS, Band};
use crate::destination::destination;
use crate::model::{ClipId, SampleFormat, Session};
use crate::testing::Chance;
use crate::worker::Imported;

fn imported(name: &str, rate_hz: u32, frames: u64) -> Imported {
    let hash: String = name.bytes().cycle().take(32).map(|byte| format!("{byte:02x}")).collect();
    let (format, notes) = (SampleFormat::I24, Vec::new());
    Imported { hash, file_name: format!("{name}.wav"), rate_hz, channels: 2, frames, format, notes, time_reference: None }
}

/// An album of songs of these lengths at 44.1 kHz.
fn album(lengths: &[u64]) -> Session {
    let mut session = Session::new(Session::new_id(5), "Low water");
    for (at, frames) in lengths.iter().enumerate() {
        let edit = add(&session, imported(&format!("Song {}", at + 1), cd::RATE_HZ, *frames), at);
        session.apply(&edit).expect("a song");
    }
    session
}

fn titles(session: &Session) -> Vec<String> {
    entries(session).iter().map(|entry| entry.track.title.clone()).collect()
}

fn clip_of(session: &Session, at: usize) -> ClipId {
    entries(session)[at].clip.id
}

#[test]
fn files_become_songs_of_one_album_in_order_and_every_step_is_undone() {
    let mut document = Document::new(album(&[441_000, 882_000, 500_000]));
    let before = document.session().clone();
    assert_eq!(titles(&before), ["Song 1", "Song 2", "Song 3"]);
    assert_eq!(before.songs.len(), 1, "one song plays them all");
    let (first, last) = (clip_of(&before, 0), clip_of(&before, 2));
    let mut step =
        |edit: Option<crate::Edit>| document.dispatch("step", edit.expect("a change")).map(|_| document.session().clone()).expect("fits");
    let moved = step(move_to(&before, last, 0));
    assert_eq!(titles(&moved), ["Song 3", "Song 1", "Song 2"]);
    let faded = step(change_one(&moved, first, |piece| (piece.track.gap_ms, piece.track.fade_out_ms) = (-1_500, 400)));
    let anchored = step(change_album(&faded, |album| album.anchor = Some(last)));
    let louder = step(set_gains(&anchored, &[(first, -2.5)]));
    assert_eq!(entries(&louder)[1].clip.gain_db, -2.5);
    let shorter = step(remove(&louder, last));
    assert_eq!((titles(&shorter).len(), of(&shorter).map(|(album, _)| album.anchor)), (2, Some(None)), "an anchor that is gone is none");
    assert!(change_one(&shorter, first, |_| ()).is_none(), "nothing changed");
    document.go_to(0).expect("undone");
    assert_eq!(Session { next_id: 0, ..document.session().clone() }, Session { next_id: 0, ..before });
}

#[test]
fn an_album_outlives_the_file_and_older_files_have_none() {
    let session = album(&[441_000, 441_000]);
    let opened = crate::file::from_json(&crate::file::to_json(&session)).expect("a session");
    assert_eq!((opened.session.album.as_ref(), opened.notes.len()), (session.album.as_ref(), 0));
    let mut broken = session.clone();
    broken.songs.clear();
    let opened = crate::file::from_json(&crate::file::to_json(&broken)).expect("a session");
    assert_eq!((opened.session.album, opened.notes.len()), (None, 1), "an album without its song is none");
    let mut begun = Session::new(Session::new_id(6), "Empty");
    begun.apply(&begin(&begun, "Low water", 48_000)).expect("an album");
    assert_eq!(of(&begun).map(|(album, song)| (album.tracks.len(), song.rate_hz)), Some((0, 48_000)));
}

#[test]
fn songs_lie_on_the_grid_with_their_gaps_and_never_three_at_once() {
    let mut chance = Chance::new(1);
    for _ in 0..200 {
        let lengths: Vec<u64> = (0..2 + chance.below(6)).map(|_| 1 + chance.below(30 * 44_100)).collect();
        let mut session = album(&lengths);
        for at in 0..lengths.len() {
            let (clip, gap_ms) = (clip_of(&session, at), chance.below(20_000) as i32 - 10_000);
            let edit = change_one(&session, clip, |piece| piece.track.gap_ms = gap_ms);
            session.apply(&edit.unwrap_or(crate::Edit::Batch(Vec::new()))).expect("no third song sounds at once");
        }
        let entries = entries(&session);
        for at in 1..entries.len() {
            holds_between(&entries[..at], &entries[at]);
        }
        assert!(cd::tracks(&session).iter().all(|track| track.is_on_grid && track.end > track.start));
    }
}

/// A song begins where the gap before it says, at most one sector later, unless the songs before push it back; an overlap is faded.
fn holds_between(before: &[Entry], next: &Entry) {
    let (one, earlier) = before.split_last().expect("a song before it");
    let wanted = one.clip.end() as i64 + i64::from(one.track.gap_ms) * 441 / 10;
    let free = earlier.iter().map(|entry| entry.clip.end()).chain([one.clip.start + 1]).max().unwrap_or(0);
    let late = next.clip.start as i64 - wanted.max(free as i64);
    assert!(next.clip.start > one.clip.start && (-1..=589).contains(&late), "{late} frames late");
    let overlap = one.clip.end().saturating_sub(next.clip.start);
    let faded = |frames: u32, length: u64| u64::from(frames) >= overlap.min(length);
    assert!(faded(one.clip.fade_out.frames, one.clip.length) && faded(next.clip.fade_in.frames, next.clip.length));
}

#[test]
fn the_grid_of_every_usual_rate_falls_on_the_588_frames_of_a_cd() {
    for rate_hz in [44_100, 48_000, 88_200, 96_000, 176_400, 192_000] {
        let mut chance = Chance::new(u64::from(rate_hz));
        for _ in 0..500 {
            let frame = chance.below(80 * 60 * u64::from(rate_hz));
            let sector = sector_from(frame, rate_hz);
            assert!(frame_of(sector, rate_hz) >= frame && (sector == 0 || frame_of(sector - 1, rate_hz) < frame));
            let at_cd_rate = u128::from(frame_of(sector, rate_hz)) * u128::from(cd::RATE_HZ);
            assert_eq!(at_cd_rate, u128::from(sector) * 588 * u128::from(rate_hz), "the same moment at 44.1 kHz");
        }
    }
}

/// A track as a reader of cue sheets finds it: its title, and where its indices lie in sectors.
#[derive(Debug, PartialEq)]
struct Read {
    title: String,
    gap: Option<u64>,
    start: u64,
}

/// Reads a cue sheet: its titles, its file, its tracks.
fn read_sheet(sheet: &str) -> (String, String, Vec<Read>) {
    let text = |line: &str| line.split('"').nth(1).expect("text between quotes").to_owned();
    let sector = |stamp: &str| {
        let parts: Vec<u64> = stamp.split(':').map(|part| part.parse().expect("a number")).collect();
        assert!(parts.len() == 3 && parts[1] < 60 && parts[2] < 75, "{stamp}");
        (parts[0] * 60 + parts[1]) * 75 + parts[2]
    };
    let (mut title, mut file, mut tracks) = (String::new(), String::new(), Vec::<Read>::new());
    for line in sheet.split("\r\n").map(str::trim) {
        match (line.split(' ').next().expect("a word"), tracks.last_mut()) {
            ("TRACK", _) => {
                assert_eq!(line, format!("TRACK {:02} AUDIO", tracks.len() + 1));
                tracks.push(Read { title: String::new(), gap: None, start: u64::MAX });
            }
            ("TITLE", None) => title = text(line),
            ("TITLE", Some(track)) => track.title = text(line),
            ("FILE", None) => file = text(line),
            ("INDEX", Some(track)) => match line.split(' ').collect::<Vec<_>>()[..] {
                ["INDEX", "00", stamp] => track.gap = Some(sector(stamp)),
                ["INDEX", "01", stamp] => track.start = sector(stamp),
                _ => panic!("{line}"),
            },
            ("PERFORMER" | "", _) => {}
            _ => panic!("{line}"),
        }
    }
    (title, file, tracks)
}

#[test]
fn a_cue_sheet_reads_back_whatever_the_titles_and_cuts_on_frames() {
    let mut session = album(&[4 * 60 * 44_100 + 17, 441_001, 300_000]);
    let names = ["Say \"when\"\nagain", "Naïve / ティ", "Last"];
    for (at, name) in names.iter().enumerate() {
        let clip = clip_of(&session, at);
        session.apply(&change_one(&session, clip, |piece| piece.track.title = (*name).into()).expect("a name")).expect("fits");
    }
    let tracks = cd::tracks(&session);
    let (title, file, read) = read_sheet(&super::cue::sheet("A \"B\"", "Nora\tVale", "Low water.wav", &tracks));
    assert_eq!((title.as_str(), file.as_str()), ("A ''B''", "Low water.wav"));
    assert_eq!(read.iter().map(|track| track.title.as_str()).collect::<Vec<_>>(), ["Say ''when''again", "Naïve / ティ", "Last"]);
    for (read, entry) in read.iter().zip(entries(&session)) {
        assert_eq!(read.start * 588, entry.clip.start, "the cut is the song's first frame");
    }
    assert_eq!(read.iter().map(|track| track.gap.is_some()).collect::<Vec<_>>(), [false, true, true]);
    let (second, silent_from) = (&read[1], entries(&session)[0].clip.end());
    assert!(second.gap.is_some_and(|gap| (silent_from..silent_from + 588).contains(&(gap * 588))));
    let silence = second.start - second.gap.expect("a gap");
    assert!((149..=150).contains(&silence), "two seconds: {silence} sectors");
}

#[test]
fn a_cd_takes_99_tracks_of_4_seconds_in_79_57() {
    let track =
        |at: u64, length: u64| CdTrack { title: String::new(), gap: None, start: at * length, end: (at + 1) * length, is_on_grid: true };
    let of = |count: u64, length: u64| (0..count).map(|at| track(at, length)).collect::<Vec<_>>();
    let unmet =
        |tracks: &[CdTrack]| cd::checks(tracks).into_iter().filter(|check| !check.is_met).map(|check| check.what).collect::<Vec<_>>();
    assert!(unmet(&of(99, 48 * 75)).is_empty());
    assert_eq!(unmet(&of(100, 300)), ["Tracks, 99 at most"]);
    assert_eq!(unmet(&of(1, 4_797 * 75 + 1)), ["Length, 79:57 at most"]);
    assert_eq!(unmet(&of(3, 299)), ["Shortest track, at least 4 s"]);
    assert_eq!(unmet(&[]), ["Length, 79:57 at most", "Tracks, 99 at most", "Shortest track, at least 4 s"]);
}

fn level(lufs: f64, peak_dbtp: f64) -> Level {
    Level { lufs, peak_dbtp, short_term_lufs: lufs + 2.0 }
}

#[test]
fn every_song_comes_to_the_anchor_s_loudness_with_its_offset_and_the_anchor_stays() {
    let mut chance = Chance::new(3);
    for _ in 0..300 {
        let mut random = |least: f64, most: f64| least + (most - least) * chance.below(10_001) as f64 / 10_000.0;
        let songs: Vec<Standing> = (0..6)
            .map(|at| {
                let (gain_db, lufs) = (random(-4.0, 4.0), random(-22.0, -6.0));
                Standing { clip: ClipId(at), gain_db, offset_lu: random(-3.0, 1.0), level: level(lufs, lufs + 11.0) }
            })
            .collect();
        let anchor = songs[2];
        let moves = bring(&songs, anchor.clip).expect("an anchor that sounds");
        assert_eq!(moves[2].gain_db, anchor.gain_db);
        for (song, change) in songs.iter().zip(&moves) {
            // What the song measures with another gain, by itself: its level without any, and the new one.
            let alone = song.level.lufs - song.gain_db + change.gain_db;
            let wanted = anchor.level.lufs + song.offset_lu - anchor.offset_lu;
            assert!((alone - wanted).abs() < 1e-9 && (change.lufs - wanted).abs() < 1e-9);
            assert!((change.peak_dbtp - change.lufs - 11.0).abs() < 1e-9 && change.limited_db(-1.0) == (change.peak_dbtp + 1.0).max(0.0));
        }
    }
    let silent = Standing { clip: ClipId(9), gain_db: 0.0, offset_lu: 0.0, level: level(f64::NEG_INFINITY, f64::NEG_INFINITY) };
    let loud = Standing { clip: ClipId(8), level: level(-12.0, -1.0), ..silent };
    assert!(bring(&[silent, loud], silent.clip).is_none());
    assert_eq!(bring(&[silent, loud], loud.clip).map(|moves| moves.len()), Some(1), "silence stays");
    assert_eq!(
        off_by_lu(&[loud, Standing { clip: ClipId(7), offset_lu: 1.0, level: level(-10.0, 0.0), ..loud }], loud.clip, ClipId(7)),
        Some(1.0)
    );
}

#[test]
fn the_whole_is_as_loud_as_its_songs_are_over_their_time() {
    assert!((whole_lufs(&[(-14.0, 100), (-14.0, 5)]) + 14.0).abs() < 1e-9);
    let half = whole_lufs(&[(-10.0, 100), (-20.0, 100)]);
    assert!((half - 10.0 * libm::log10((0.1 + 0.01) / 2.0)).abs() < 1e-9);
    assert!((whole_lufs(&[(-10.0, 100), (-40.0, 100)]) + 10.0).abs() < 1e-9, "what is far softer is gated");
    assert_eq!(whole_lufs(&[]), f64::NEG_INFINITY);
    assert_eq!(whole_lufs(&[(f64::NEG_INFINITY, 10)]), f64::NEG_INFINITY);
}

#[test]
fn where_albums_are_played_as_such_all_songs_get_one_gain() {
    let songs = [level(-9.0, -1.0), level(-15.0, -1.5)];
    let together = whole(&[(songs[0], 100), (songs[1], 100)]);
    let at = |id| playback::at(destination(id).expect("a place"), &songs, together).expect("songs that sound");
    let album = at("spotify_album");
    assert_eq!((album.is_one_gain(), album.gain_db), (true, [-14.0 - together.lufs; 2]));
    assert!((album.heard_lufs[1] - album.heard_lufs[0] - 6.0).abs() < 1e-9, "the songs keep their difference");
    assert_eq!(at("tidal").gain_db, [-5.0; 2], "by the loudest song");
    let each = at("youtube");
    assert_eq!((each.is_one_gain(), each.gain_db, each.heard_lufs), (false, [-5.0, 0.0], [-15.0, -14.0]));
    let everywhere = playback::everywhere(&songs, together);
    assert!(everywhere.is_sorted_by_key(|playback| !playback.is_one_gain()) && everywhere.iter().all(|playback| playback.place.id != "cd"));
}

/// The shortest longest side, by trying every way to cut.
fn brute_force(songs: &[Length], sides: usize) -> f64 {
    let length =
        |songs: &[Length]| songs.iter().map(|song| song.song_s + song.gap_s).sum::<f64>() - songs.last().map_or(0.0, |last| last.gap_s);
    if sides == 1 {
        return length(songs);
    }
    (0..=songs.len()).map(|cut| length(&songs[..cut]).max(brute_force(&songs[cut..], sides - 1))).fold(f64::INFINITY, f64::min)
}

#[test]
fn sides_keep_the_order_are_as_even_as_can_be_and_fit_the_record() {
    let mut chance = Chance::new(9);
    for _ in 0..200 {
        let songs: Vec<Length> =
            (0..1 + chance.below(9)).map(|_| Length { song_s: 60.0 + chance.below(420) as f64, gap_s: chance.below(4) as f64 }).collect();
        let format = &FORMATS[chance.below(3) as usize];
        let sides = plan(&songs, &[], format, Order::Kept);
        let laid: Vec<usize> = sides.iter().flat_map(|side| side.songs.clone()).collect();
        assert_eq!(laid, (0..songs.len()).collect::<Vec<_>>());
        let longest = sides.iter().map(|side| side.seconds).fold(0.0, f64::max);
        let possible = [2, 4, 6, 8, 10].map(|count| brute_force(&songs, count));
        let least = possible.into_iter().find(|longest| *longest <= format.most_min * 60.0).unwrap_or(possible[4]);
        assert!((longest - least).abs() < 1e-6, "{longest} instead of {least}");
        for side in sides {
            let over_min = (side.seconds / 60.0 - format.best_min).max(0.0);
            assert!((side.level_db + over_min).abs() < 1e-9 && side.is_too_long == (side.seconds > format.most_min * 60.0));
        }
    }
}

#[test]
fn by_brightness_the_brightest_song_of_each_side_stands_outside() {
    let songs = [Length { song_s: 300.0, gap_s: 2.0 }; 4];
    let sides = plan(&songs, &[-14.0, -9.0, f64::NAN, -11.0], &FORMATS[0], Order::Brightness);
    assert_eq!(sides.iter().map(|side| side.songs.clone()).collect::<Vec<_>>(), [[1, 0], [3, 2]]);
}

fn analysis(level_db: impl Fn(usize) -> f32, width: impl Fn(usize) -> f32) -> Analysis {
    Analysis {
        version: ANALYSIS_VERSION,
        rate_hz: 44_100,
        frames: 441_000,
        integrated_lufs: -14.0,
        range_lu: 5.0,
        momentary_max_lufs: -10.0,
        short_term_max_lufs: -11.0,
        true_peak_dbtp: -1.0,
        sample_peak_db: -1.2,
        psr_min_lu: 8.0,
        correlation: 0.7,
        balance_db: 0.0,
        dc: [0.0; 2],
        clipped_runs: 0,
        short_term_lufs: Vec::new(),
        bands: (0..BANDS).map(|at| Band { level_db: level_db(at), width: width(at) }).collect(),
        critical_db: Vec::new(),
    }
}

#[test]
fn wide_bass_and_sibilants_are_named_and_a_plain_song_is_not() {
    let falling = |at: usize| -20.0 - at as f32;
    let plain = Groove::of(&analysis(falling, |at| if at > 10 { 0.3 } else { 0.01 }));
    assert!(!plain.is_bass_wide() && !plain.is_sibilant());
    assert!((plain.bass_side_db + 20.0).abs() < 1e-4);
    assert!(Groove::of(&analysis(falling, |at| if at == 0 { 0.5 } else { 0.0 })).is_bass_wide());
    assert!(
        !Groove::of(&analysis(falling, |at| if at == 9 { 1.0 } else { 0.0 })).is_bass_wide(),
        "the band around 160 Hz reaches over 150 Hz"
    );
    let hissing = Groove::of(&analysis(|at| if (24..=27).contains(&at) { -30.0 } else { falling(at) }, |_| 0.0));
    assert!(hissing.is_sibilant() && hissing.brightness_db > plain.brightness_db);
    let even = Groove::of(&analysis(|_| -20.0, |_| 0.0));
    assert!((even.sibilance_db - 10.0 * libm::log10(4.0 / 6.0)).abs() < 1e-4, "noise with equal third octaves");
    assert!(even.bass_side_db == f64::NEG_INFINITY && !even.is_bass_wide());
}
