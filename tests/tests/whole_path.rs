//! The whole path as a musician walks it: a stereo file in and a limited master out, an untouched stem in and the same samples out.

use tests::fixtures::{Depth, Fixtures, noise};
use tests::in_both_browsers;
use tests::page::Page;
use tests::sound::WORK;
use tests::wav::Wav;

in_both_browsers!(a_stereo_file_is_limited_in_the_master_room_and_exported_in_24_bits, async |page: &Page| {
    let fixtures = Fixtures::new();
    let loud = |seed| noise(seed, 96_000).iter().map(|sample| sample * 0.9).collect::<Vec<f32>>();
    let song = fixtures.wav("Song.wav", 48_000, Depth::Int24, &[loud(5), loud(6)]);
    page.click(&[("tab", "Master")]).await;
    page.add_audio(&[song]).await;
    page.wait("the song is there", WORK, async || !page.has(&[("progressbar", "*")]).await && page.has(&[("button", "Add insert")]).await)
        .await;
    page.click(&[("button", "Add insert")]).await;
    page.click(&[("menuitem", "Limiter")]).await;
    page.type_value(&[("region", "Limiter on Master"), ("slider", "Gain")], "6").await;
    page.type_value(&[("region", "Limiter on Master"), ("slider", "Ceiling")], "-1").await;

    let wav = Wav::read(&page.export("24 bit", "None").await);
    assert_eq!((wav.channels, wav.rate_hz, wav.bits), (2, 48_000, 24));
    let mut meter = ebur128::EbuR128::new(2, 48_000, ebur128::Mode::TRUE_PEAK).expect("a meter at 48 kHz");
    meter.add_frames_f32(&wav.samples).expect("whole frames");
    let peak = (0..2).map(|channel| meter.true_peak(channel).expect("a channel")).fold(0.0, f64::max);
    let peak_dbtp = 20.0 * peak.log10();
    // ebur128's 4x detector reads white noise up to 0.3 dB over or under a finer one.
    assert!((-2.0..=-0.7).contains(&peak_dbtp), "{peak_dbtp} dBTP");
});

in_both_browsers!(an_untouched_stem_is_exported_as_the_same_samples, async |page: &Page| {
    let fixtures = Fixtures::new();
    for (depth, bits, name) in [(Depth::Int16, "16 bit", "Sixteen"), (Depth::Int24, "24 bit", "Twentyfour")] {
        page.open().await;
        let file = fixtures.wav(&format!("{name}.wav"), 48_000, depth, &[noise(3, 48_000), noise(4, 48_000)]);
        page.add_audio(std::slice::from_ref(&file)).await;
        page.get_within(&[("group", name)], WORK).await;
        page.wait("it is decoded", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
        let exported = page.export(bits, "None").await;
        let (before, after) = (Wav::read(&file), Wav::read(&exported));
        assert_eq!(after.bits, before.bits);
        assert!(after.data.len() >= before.data.len());
        let first = before.data.iter().zip(&after.data).position(|(a, b)| a != b);
        assert_eq!(first, None, "{bits}: the first byte that differs");
        std::fs::remove_file(exported).expect("the download can be removed");
    }
});
