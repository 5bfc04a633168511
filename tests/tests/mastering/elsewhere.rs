//! What is told of a song on other devices, against the song filtered as the device does it and measured by the `ebur128` crate.

use dsp::monitor::{DEVICES, Device};
use session::translation::{MONO, through};
use tests::masters::{analyse, independent, near, programme};

/// A song as it leaves a device, in f64.
fn filtered(planes: &[Vec<f32>; 2], device: &Device, rate_hz: u32) -> [Vec<f32>; 2] {
    let filters: Vec<_> = device.filters.iter().map(|filter| filter.design(f64::from(rate_hz))).collect();
    let mut states = vec![[[0.0_f64; 2]; 2]; filters.len()];
    let mut out = [Vec::new(), Vec::new()];
    for (left, right) in planes[0].iter().zip(&planes[1]) {
        let (mid, side) = (f64::from(left + right) / 2.0, f64::from(device.width) * f64::from(left - right) / 2.0);
        for (plane, mut x) in [mid + side, mid - side].into_iter().enumerate() {
            for (filter, state) in filters.iter().zip(&mut states) {
                let [first, second] = &mut state[plane];
                let y = filter.b[0] * x + *first;
                *first = filter.b[1] * x - filter.a[0] * y + *second;
                *second = filter.b[2] * x - filter.a[1] * y;
                x = y;
            }
            out[plane].push(x as f32);
        }
    }
    out
}

#[test]
fn a_song_is_as_much_softer_on_a_device_as_is_told() {
    let rate_hz = 48_000;
    let planes = programme(12, rate_hz, 8);
    let song = analyse(&planes, rate_hz, 8_192);
    let [plain, ..] = independent(&planes, rate_hz);
    for device in DEVICES.iter().chain([&MONO]) {
        let [there, ..] = independent(&filtered(&planes, device, rate_hz), rate_hz);
        let told = through(&song, device).louder_lu;
        println!("{}: {told:.2} LU told, {:.2} LU measured", device.name, there - plain);
        near(told, there - plain, 0.5);
    }
}
