//! The album's files: one WAV with its cue sheet, or a WAV for each song. Each song's file ends where the next one begins, gap and all, so the
//! files in a row are the album.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::album::cd::{RATE_HZ, frame_of, tracks};
use session::album::{cue, of};
use session::model::{Range, Session, SongId};
use session::target;
use session::worker::{Delivery, DeliveryFormat, Dither};
use web_sys::{File, Url};

use super::desk::Desk;
use crate::media::Canceller;
use crate::state::{ExportRequest, address_of, download, text_file};
use crate::ui::export::safe_name;
use crate::ui::master::number;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption};

/// How files are written: id, words, samples, and the rate where it is not the album's own.
const FORMATS: [(&str, &str, DeliveryFormat, Option<u32>); 3] = [
    ("cd", "CD: 16 bit, 44.1 kHz", DeliveryFormat::Wav16, Some(RATE_HZ)),
    ("24", "24 bit, album's rate", DeliveryFormat::Wav24, None),
    ("float", "32 bit float, album's rate", DeliveryFormat::WavFloat, None),
];

/// A file that was written.
#[derive(Clone, Debug, PartialEq)]
struct Written {
    name: String,
    address: String,
    measured: String,
}

/// A file that is to be written.
struct Order {
    song: SongId,
    range: Range,
    delivery: Delivery,
    is_cut: bool,
}

/// What every file of the album shares.
fn order(session: &Session, format: &str, name: &str, range: Range, is_cut: bool) -> Option<Order> {
    let (_, song) = of(session)?;
    let (_, _, samples, rate_hz) = FORMATS.into_iter().find(|known| known.0 == format)?;
    let delivery = Delivery {
        file_name: safe_name(name, "wav"),
        rate_hz: song.rate_hz,
        file_rate_hz: Some(rate_hz.unwrap_or(song.rate_hz)),
        ceiling_dbtp: target::ceiling_dbtp(session, song.id),
        format: samples,
        dither: if samples == DeliveryFormat::WavFloat { Dither::None } else { Dither::Triangular },
        expected_frames: range.end - range.start,
    };
    Some(Order { song: song.id, range, delivery, is_cut })
}

/// The album as one file, to the end of its last sector.
fn whole(session: &Session, format: &str) -> Option<Order> {
    let (_, song) = of(session)?;
    let end = frame_of(tracks(session).last()?.end, song.rate_hz);
    order(session, format, &song.name, Range { start: 0, end }, true)
}

/// Each song as a file of its own.
fn each(session: &Session, format: &str) -> Vec<Order> {
    let Some((_, song)) = of(session) else { return Vec::new() };
    let file = |(at, track): (usize, session::album::cd::CdTrack)| {
        let range = Range { start: frame_of(track.start, song.rate_hz), end: frame_of(track.end, song.rate_hz) };
        let number = format!("{:02}", at + 1);
        // Files often have their number in their name already.
        let name = if track.title.starts_with(&number) { track.title } else { format!("{number} {}", track.title) };
        order(session, format, &name, range, true)
    };
    tracks(session).into_iter().enumerate().filter_map(file).collect()
}

/// The cue sheet of the one file.
fn sheet(session: &Session) -> Option<(String, String)> {
    let (album, song) = of(session)?;
    let text = cue::sheet(&song.name, &album.performer, &safe_name(&song.name, "wav"), &tracks(session));
    Some((safe_name(&song.name, "cue"), text))
}

/// The choice of a format, the buttons, and the links to what was written.
#[component]
pub fn Files(desk: Desk) -> impl IntoView {
    let studio = desk.studio;
    let format = RwSignal::new(FORMATS[0].0.to_owned());
    let written = RwSignal::new(Vec::<Written>::new());
    on_cleanup(move || {
        let _ = written.try_with_untracked(|list| list.iter().for_each(|file| drop(Url::revoke_object_url(&file.address))));
    });
    let options = FORMATS.map(|(id, words, ..)| SelectOption::new(id, words)).to_vec();
    let is_busy = Signal::derive(move || desk.progress.with(Option::is_some));
    let start = move |orders: Vec<Order>, with_sheet: bool| {
        if !orders.is_empty() {
            write(desk, orders, with_sheet, written);
        }
    };
    let as_one = move |()| start(studio.peek(|session| whole(session, &format.get_untracked())).flatten().into_iter().collect(), true);
    let one_by_one = move |()| start(studio.peek(|session| each(session, &format.get_untracked())).unwrap_or_default(), false);
    let link = |file: Written| {
        view! { <li><IconView icon=Icon::Check /><a href=file.address download=file.name.clone()>{format!("Download {}", file.name)}</a><span class="n lbl">{file.measured}</span></li> }
    };
    view! {
        <div class="album-files" role="group" aria-label="Files of the album">
            <Select name="File format" options=Signal::stored(options) chosen=format on_choose=move |id: String| format.set(id) />
            <Button look=ButtonLook::Standard class="is-small" disabled=is_busy hint="The whole album as one file, and where its tracks begin" on_press=as_one>"WAV and cue sheet"</Button>
            <Button look=ButtonLook::Standard class="is-small" disabled=is_busy hint="One file a song, its gap at its end" on_press=one_by_one>"Each song as WAV"</Button>
        </div>
        <ul class="export-written album-written" class:is-hidden-box=move || written.with(Vec::is_empty) aria-label="Files of the album that were written">
            {move || written.get().into_iter().map(link).collect_view()}
        </ul>
    }
}

fn write(desk: Desk, orders: Vec<Order>, with_sheet: bool, written: RwSignal<Vec<Written>>) {
    let Some(canceller) = desk.begin() else { return };
    let studio = desk.studio;
    spawn_local(async move {
        let count = orders.len() as f32;
        let keep = move |file: &File, measured: String| {
            download(file);
            if let Some(address) = address_of(file) {
                let _ = written.try_update(|list| list.push(Written { name: file.name(), address, measured }));
            }
        };
        for (at, order) in orders.into_iter().enumerate() {
            let told = move |part: f32| {
                let _ = desk.progress.try_set(Some((at as f32 + part.clamp(0.0, 1.0)) / count));
            };
            match write_one(desk, order, &canceller, told).await {
                Ok((file, measured)) => keep(&file, measured),
                Err(_) if canceller.is_cancelled() => {
                    studio.messages.news("Cancelled. What was written stays.");
                    break;
                }
                Err(sentence) => {
                    studio.messages.attention(sentence);
                    break;
                }
            }
        }
        if with_sheet && !canceller.is_cancelled() {
            let made = studio.peek(sheet).flatten().and_then(|(name, text)| text_file(&name, &text));
            if let Some(file) = made {
                keep(&file, "cue sheet".to_owned());
            }
        }
        desk.progress.set(None);
    });
}

async fn write_one(desk: Desk, order: Order, canceller: &Canceller, told: impl Fn(f32) + 'static) -> Result<(File, String), String> {
    let Order { song, range, delivery, is_cut } = order;
    let request = ExportRequest { song, range, delivery, as_soloed: false, is_cut, edit: None, watched: None };
    let exported = desk.studio.export(request, canceller, told).await?;
    let file = exported.file.ok_or("The file was not written.")?;
    let read = exported.delivered.file.unwrap_or(exported.delivered.rendered);
    Ok((file, format!("{} LUFS, {} dBTP", number(read.integrated_lufs, 1), number(read.true_peak_dbtp, 1))))
}
