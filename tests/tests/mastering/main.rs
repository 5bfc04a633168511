//! The mastering room's numbers, natively: whole-file analysis against the `ebur128` crate, the way to a loudness, and files that hold what
//! was promised of them.

mod elsewhere;
mod live;
mod measures;
mod places;
mod songs;
mod told;

use std::rc::Rc;

use media::decode::Decoder;
use media::delivery::{Converter, WavWriter};
use media::store::{Files, MemoryFiles, now};
use session::analysis::band_hz;
use session::destination::destination;
use session::model::SampleFormat;
use session::target::{self, Setting};
use session::worker::Dither;
use tests::fixtures::{Depth, Fixtures};
use tests::in_both_browsers;
use tests::masters::{analyse, independent, near, programme, reach, render, song};
use tests::page::Page;
use tests::sound::WORK;
use tests::wav::Wav;

use places::exported;

#[test]
fn a_whole_file_measures_what_the_ebur128_crate_measures_whatever_the_pieces() {
    for (rate_hz, piece) in [(44_100, 1_000), (48_000, 65_536), (96_000, 4_321)] {
        let planes = programme(rate_hz, rate_hz, 24);
        let analysis = analyse(&planes, rate_hz, piece);
        let [integrated, range, peak] = independent(&planes, rate_hz);
        near(analysis.integrated_lufs, integrated, 0.01);
        // That crate takes a window a second where EBU Tech 3342 asks for ten: on so short a piece their percentiles differ.
        near(analysis.range_lu, range, 0.4);
        // Both interpolate fourfold, by filters of their own, which part on noise.
        near(analysis.true_peak_dbtp, peak, 0.1);
        near(analysis.plr_lu(), peak - integrated, 0.11);
        assert_eq!(analysis.short_term_lufs.len(), 240);
        let again = analyse(&planes, rate_hz, 7_777);
        assert_eq!((again.integrated_lufs, again.bands), (analysis.integrated_lufs, analysis.bands));
    }
}

#[test]
fn every_number_follows_a_change_of_the_audio() {
    let rate_hz = 48_000;
    let planes = programme(3, rate_hz, 12);
    let before = analyse(&planes, rate_hz, 8_192);
    let louder = analyse(&planes.clone().map(|plane| plane.iter().map(|s| s * 0.5).collect()), rate_hz, 8_192);
    for (now, then) in [
        (louder.integrated_lufs, before.integrated_lufs),
        (louder.short_term_max_lufs, before.short_term_max_lufs),
        (louder.momentary_max_lufs, before.momentary_max_lufs),
        (louder.true_peak_dbtp, before.true_peak_dbtp),
        (louder.sample_peak_db, before.sample_peak_db),
        (f64::from(louder.bands[17].level_db), f64::from(before.bands[17].level_db)),
    ] {
        near(now - then, -6.0206, 0.01);
    }
    near(louder.plr_lu(), before.plr_lu(), 0.01);
    let [left, _] = planes.clone();
    let mono = analyse(&[left.clone(), left.clone()], rate_hz, 8_192);
    near(mono.correlation, 1.0, 1e-9);
    assert!(mono.bands.iter().all(|band| band.width < 1e-6) && before.bands[20].width > 0.05);
    let opposite = analyse(&[left.clone(), left.iter().map(|s| -s).collect()], rate_hz, 8_192);
    near(opposite.correlation, -1.0, 1e-9);
    assert!(opposite.bands[17].width > 0.999);
    let leaning = analyse(&[left.clone(), left.iter().map(|s| s * 0.5).collect()], rate_hz, 8_192);
    near(leaning.balance_db, -6.0206, 1e-3);
    let shifted = analyse(&[left.iter().map(|s| s + 0.01).collect(), left.clone()], rate_hz, 8_192);
    near(shifted.dc[0] - before.dc[0], 0.01, 1e-6);
}

#[test]
fn a_tone_stands_in_its_third_octave_and_clipped_runs_are_counted_one_by_one() {
    let rate_hz = 48_000;
    for band in [4, 10, 17, 24] {
        let step = std::f64::consts::TAU * band_hz(band) / f64::from(rate_hz);
        let tone: Vec<f32> = (0..6 * rate_hz).map(|at| (0.5 * (step * f64::from(at)).sin()) as f32).collect();
        let analysis = analyse(&[tone.clone(), tone], rate_hz, 8_192);
        near(f64::from(analysis.bands[band].level_db), -9.03, 0.05);
        let others = analysis.bands.iter().enumerate().filter(|(at, _)| at.abs_diff(band) > 1);
        assert!(others.fold(f32::MIN, |most, (_, band)| most.max(band.level_db)) < -60.0);
        assert_eq!(analysis.clipped_runs, 0);
    }
    let mut planes = programme(9, rate_hz, 2);
    planes[0][1_000..1_003].fill(1.0);
    planes[1][50_000..50_040].fill(-1.2);
    planes[1][60_000..60_002].fill(1.0);
    assert_eq!(analyse(&planes, rate_hz, 999).clipped_runs, 2);
}

/// Writes a file and reads it again, as whoever gets it does.
fn delivered(planes: &[Vec<f32>; 2], rates_hz: [u32; 2], ceiling_dbtp: f32, format: SampleFormat) -> [Vec<f32>; 2] {
    let files = MemoryFiles::default();
    let file = now(files.open("out", "x", true)).expect("files").expect("a file");
    let mut writer = WavWriter::new(Rc::clone(&file), format, rates_hz[1], 2, Dither::Triangular).expect("a writer");
    let mut converter = Converter::new(rates_hz[0], rates_hz[1], Some(ceiling_dbtp)).expect("usable rates");
    let frames: Vec<f32> = planes[0].iter().zip(&planes[1]).flat_map(|(left, right)| [*left, *right]).collect();
    for piece in frames.chunks(10_000) {
        let mut out = Vec::new();
        converter.push(piece, &mut out);
        writer.push(&out).expect("room");
    }
    let mut out = Vec::new();
    converter.finish(&mut out);
    writer.push(&out).expect("room");
    writer.finish().expect("room");
    let mut bytes = vec![0; file.len().expect("a length") as usize];
    file.read_at(0, &mut bytes).expect("readable");
    let mut decoder = Decoder::open(Box::new(std::io::Cursor::new(bytes)), "x.wav").expect("a WAV");
    assert_eq!(decoder.spec().rate_hz, rates_hz[1]);
    let mut planes = [Vec::new(), Vec::new()];
    while let Some(samples) = decoder.next("x.wav").expect("whole samples") {
        for frame in samples.to_float(decoder.spec().format).chunks_exact(2) {
            planes[0].push(frame[0]);
            planes[1].push(frame[1]);
        }
    }
    planes
}

#[test]
fn a_song_reaches_each_loudness_and_its_file_holds_it_with_the_peak_under_the_limit() {
    let rate_hz = 44_100;
    let (session, song, mut samples) = song(programme(21, rate_hz, 16), rate_hz);
    for place in ["spotify", "apple_music", "ebu_r128", "amazon"] {
        let (planes, limiting, renders) = reach(&session, song, &mut samples, place, None).expect("within reach");
        let place = destination(place).expect("a place");
        let file = delivered(&planes, [rate_hz; 2], place.peak_dbtp as f32, SampleFormat::I24);
        let [integrated, _, peak] = independent(&file, rate_hz);
        println!("{}: {integrated:.2} LUFS, {peak:.2} dBTP, {limiting:?}, {renders} renders", place.name);
        near(integrated, place.target_lufs, 0.1);
        assert!(peak <= place.peak_dbtp + 0.02, "{}: {peak} dBTP", place.name);
        assert!(renders <= 7, "{renders} renders");
    }
}

#[test]
fn a_club_s_loudness_is_damage_to_strokes_and_silence_reaches_nothing() {
    let rate_hz = 44_100;
    let mut strokes = programme(5, rate_hz, 8);
    for plane in &mut strokes {
        for (at, sample) in plane.iter_mut().enumerate() {
            *sample *= 1.0 / (1.0 + (at % 22_050) as f32 / 150.0);
        }
    }
    let (session, song_id, mut samples) = song(strokes, rate_hz);
    let is_damage = reach(&session, song_id, &mut samples, "club", None).is_none_or(|(_, limiting, _)| limiting.is_damage());
    assert!(is_damage);
    let (session, song_id, mut samples) = song([vec![0.0; 88_200], vec![0.0; 88_200]], rate_hz);
    assert!(reach(&session, song_id, &mut samples, "spotify", None).is_none());
}

/// A float file may hold samples far over full scale: turned down before the limiter they need none of it.
#[test]
fn a_song_far_over_full_scale_reaches_what_is_softer_without_limiting() {
    let rate_hz = 44_100;
    let hot = programme(11, rate_hz, 12).map(|plane| plane.iter().map(|sample| 16.0 * sample).collect());
    assert!(independent(&hot, rate_hz)[2] > 12.0, "far over full scale");
    let (session, song, mut samples) = song(hot, rate_hz);
    for place in ["spotify", "ebu_r128"] {
        let (planes, limiting, _) = reach(&session, song, &mut samples, place, None).expect("within reach");
        let place = destination(place).expect("a place");
        let [integrated, _, peak] = independent(&planes, rate_hz);
        near(integrated, place.target_lufs, 0.1);
        assert!(peak <= place.peak_dbtp + 0.02, "{}: {peak} dBTP", place.name);
        assert!(!limiting.is_damage(), "{}: {limiting:?}", place.name);
    }
}

#[test]
fn a_file_at_another_rate_has_its_length_its_loudness_and_its_ceiling() {
    let rate_hz = 44_100;
    let (session, song, mut samples) = song(programme(33, rate_hz, 10), rate_hz);
    let (edit, limiter) = target::edit(&session, song, Setting { drive_db: 14.0, ceiling_dbtp: -1.0 }).expect("an edit");
    let mut changed = session.clone();
    changed.apply(&edit).expect("an edit that fits");
    let (planes, _) = render(&changed, song, limiter, &mut samples);
    let before = independent(&planes, rate_hz);
    for (to_hz, format) in [(48_000, SampleFormat::I16), (96_000, SampleFormat::I24), (192_000, SampleFormat::F32)] {
        let file = delivered(&planes, [rate_hz, to_hz], -1.0, format);
        let [integrated, _, peak] = independent(&file, to_hz);
        println!("{to_hz}: {integrated:.3} LUFS ({:.3}), {peak:.3} dBTP ({:.3})", before[0], before[2]);
        near(integrated, before[0], 0.1);
        // That crate's detector reads noise a little high.
        assert!(peak <= -1.0 + 0.06, "{peak} dBTP at {to_hz} Hz");
        let expected = (planes[0].len() as f64 * f64::from(to_hz) / f64::from(rate_hz)).round() as usize;
        assert_eq!(file[0].len(), expected);
    }
}

/// A cell of a table by its row's name.
async fn cell(page: &Page, table: &str, row: &str, column: usize) -> String {
    let find = "const [table, name, column] = arguments;
        const rows = [...document.querySelectorAll(`table[aria-label=\"${table}\"] tbody tr`)];
        const row = rows.find((row) => row.querySelector('th').textContent.trim().startsWith(name));
        return row?.querySelectorAll('td')[column]?.textContent.trim() ?? ''";
    let found = page.script(find, &[table.into(), row.into(), column.into()]).await;
    found.as_str().unwrap_or_default().replace('−', "-")
}

async fn number_in(page: &Page, table: &str, row: &str, column: usize) -> f64 {
    cell(page, table, row, column).await.parse().unwrap_or(f64::NAN)
}

/// The dialog's newest table holds what was predicted of a file, and what is measured in it: its loudness and peak by another program.
async fn assert_said(page: &Page, planes: &[Vec<f32>; 2], rate_hz: u32) {
    let [integrated, _, peak] = independent(planes, rate_hz);
    let find = "const tables = [...document.querySelectorAll('.export-measured')];
        return [...tables.at(-1)?.querySelectorAll('td') ?? []].map((cell) => cell.textContent)";
    let said = page.script(find, &[]).await;
    let number = |cell: &serde_json::Value| cell.as_str().unwrap_or_default().replace('−', "-").parse().unwrap_or(f64::NAN);
    let cells: Vec<f64> = said.as_array().into_iter().flatten().map(number).collect();
    let [predicted_lufs, lufs, predicted_dbtp, dbtp, _, file_range, _, clipped] = cells[..] else { panic!("the dialog says {said}") };
    near(lufs, integrated, 0.02);
    near(predicted_lufs, integrated, 0.1);
    near(dbtp, peak, 0.1);
    near(predicted_dbtp, peak, 0.3);
    // On so short a piece that program's range is another one, by its windows a second apart.
    near(file_range, analyse(planes, rate_hz, 8_192).range_lu, 0.02);
    assert_eq!(clipped, 0.0);
}

in_both_browsers!(a_song_is_known_before_it_is_heard_and_goes_out_at_each_place_s_loudness, async |page: &Page| {
    let rate_hz = 44_100;
    let planes = programme(77, rate_hz, 8);
    let [integrated, _, peak] = independent(&planes, rate_hz);
    let fixtures = Fixtures::new();
    let file = fixtures.wav("Paper boats.wav", rate_hz, Depth::Float32, &planes);
    page.click(&[("tab", "Master")]).await;
    page.add_audio(&[file]).await;
    page.wait("the file is measured", WORK, async || number_in(page, "Whole song", "Integrated", 0).await.is_finite()).await;
    near(number_in(page, "Whole song", "Integrated", 0).await, integrated, 0.06);
    near(number_in(page, "Whole song", "True peak", 0).await, peak, 0.11);
    near(number_in(page, "Destinations", "YouTube", 0).await, (-14.0 - integrated).min(0.0), 0.06);

    page.choose(&[("combobox", "Destination")], "Apple Music").await;
    page.click(&[("button", "Reach the target")]).await;
    page.wait("the target is reached", WORK, async || number_in(page, "Whole song", "Integrated", 1).await == -16.0).await;
    page.get(&[("button", "Limiter on")]).await;
    page.click(&[("button", "Undo")]).await;
    page.wait("the step is taken back", WORK, async || cell(page, "Whole song", "Integrated", 1).await == "–").await;

    for (place, rate, lufs) in [("Spotify", Some("96 kHz"), -14.0), ("Apple Music", None, -16.0), ("EBU R 128", Some("48 kHz"), -23.0)] {
        let (planes, file_hz) = exported(page, place, rate).await.expect("within reach");
        let [integrated, _, peak] = independent(&planes, file_hz);
        println!("{place} at {file_hz} Hz: {integrated:.3} LUFS, {peak:.3} dBTP");
        near(integrated, lufs, 0.1);
        assert!(peak <= -1.0 + 0.02, "{place}: {peak} dBTP");
    }
    assert!(!page.has(&[("button", "Limiter on")]).await, "an export for a place leaves the session as it was");
});

in_both_browsers!(a_reference_is_heard_as_loud_as_the_song_told_apart_in_numbers_and_never_exported, async |page: &Page| {
    let (rate_hz, planes) = (48_000, programme(91, 48_000, 6));
    let louder = planes.clone().map(|plane| plane.iter().map(|sample| sample * 2.0).collect::<Vec<f32>>());
    let fixtures = Fixtures::new();
    let song = fixtures.wav("Song.wav", rate_hz, Depth::Float32, &planes);
    let reference = fixtures.wav("Reference.wav", rate_hz, Depth::Float32, &louder);
    page.click(&[("tab", "Master")]).await;
    page.add_audio(&[song]).await;
    page.get_within(&[("button", "Add insert")], WORK).await;
    let exported = async || {
        let path = page.export("24 bit", "None").await;
        let bytes = Wav::read(&path).data;
        std::fs::remove_file(path).expect("the download can be removed");
        bytes
    };
    let alone = exported().await;

    page.give_files("Add reference", &[reference]).await;
    page.wait("both are measured", WORK, async || number_in(page, "Against the reference", "Integrated", 2).await.is_finite()).await;
    near(number_in(page, "Against the reference", "Integrated", 2).await, -6.02, 0.11);
    near(number_in(page, "Against the reference", "PLR", 2).await, 0.0, 0.11);
    near(number_in(page, "Against the reference", "Bass", 2).await, 0.0, 0.11);
    let button = [("button", "Reference")];
    assert!(page.text(&[("group", "Reference")]).await.contains("−6.0 dB"), "as loud as the song");

    page.click(&[("button", "Play")]).await;
    page.press("x").await;
    page.wait("the reference is heard", WORK, async || page.attribute(&button, "aria-pressed").await == "true").await;
    for (list, option) in [("Hear as on", "Phone"), ("As played by", "Spotify, loud")] {
        page.choose(&[("combobox", list)], option).await;
    }
    for switch in ["Dim", "Mono", "Swap", "Level match"] {
        page.click(&[("button", switch)]).await;
    }
    let beside = exported().await;
    assert!(alone == beside, "nothing that is only listened to changes an export");
    page.press("x").await;
    page.wait("the song is heard", WORK, async || page.attribute(&button, "aria-pressed").await == "false").await;
});
