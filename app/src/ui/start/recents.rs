//! The sessions that this browser keeps.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::worker::SessionEntry;

use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// Milliseconds in a day.
const DAY_MS: f64 = 86_400_000.0;

/// What is known of the store.
#[derive(Clone, Debug, Default, PartialEq)]
struct Store {
    entries: Vec<SessionEntry>,
    note: String,
}

/// The list of sessions with what can be done with each.
#[component]
pub fn Recents() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let store = RwSignal::new(None::<Store>);
    let load = Callback::new(move |()| {
        spawn_local(async move {
            let found = read(studio).await;
            store.try_set(Some(found));
        });
    });
    load.run(());
    let list = move || match store.get() {
        None => view! { <p class="start-none">"Looking for sessions"</p> }.into_any(),
        Some(store) if store.entries.is_empty() => {
            view! { <p class="start-none">"No sessions yet. What you open here is kept after every edit."</p> }.into_any()
        }
        Some(store) => {
            view! { <ol class="recents">{store.entries.into_iter().map(|entry| view! { <Recent entry load /> }).collect_view()}</ol> }
                .into_any()
        }
    };
    view! {
        <section aria-labelledby="start-recents" class="start-recents">
            <h2 id="start-recents">
                "Recent sessions"
                <span class="lbl n">{move || store.with(|store| store.as_ref().map(|store| store.note.clone()))}</span>
            </h2>
            {list}
        </section>
    }
}

#[component]
fn Recent(entry: SessionEntry, load: Callback<()>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let asking = RwSignal::new(false);
    let (open_id, delete_id) = (entry.id.clone(), entry.id.clone());
    let open = move |()| {
        let id = open_id.clone();
        spawn_local(async move { studio.open_kept_session(&id).await });
    };
    let delete = Callback::new(move |()| {
        let id = delete_id.clone();
        spawn_local(async move {
            if let Ok(media) = studio.media().await
                && let Err(error) = media.delete_session(&id).await
            {
                studio.messages.attention(error.to_string());
            }
            load.run(());
        });
    });
    let name = entry.name.clone();
    let acts = {
        let name = name.clone();
        move || {
            let name = name.clone();
            if asking.get() {
                view! {
                    <Button class="is-small is-danger" name=format!("Delete {name} for good") on_press=move |()| delete.run(())>"Delete for good"</Button>
                    <Button look=ButtonLook::Quiet class="is-small" name=format!("Keep {name}") on_press=move |()| asking.set(false)>"Keep"</Button>
                }
                .into_any()
            } else {
                let open = open.clone();
                view! {
                    <Button class="is-small" name=format!("Open {name}") on_press=open>"Open"</Button>
                    <Button look=ButtonLook::Quiet class="is-small is-icon" name=format!("Delete {name}") on_press=move |()| asking.set(true)>
                        <IconView icon=Icon::Remove />
                    </Button>
                }
                .into_any()
            }
        }
    };
    view! {
        <li>
            <span class="recent-name"><b>{name}</b><span class="lbl n">{describe(&entry)}</span></span>
            <span class="recent-acts">{acts}</span>
        </li>
    }
}

async fn read(studio: Studio) -> Store {
    let Ok(media) = studio.media().await else { return Store::default() };
    let entries = media.list_sessions().await.unwrap_or_default();
    let status = media.storage_status().await;
    let note = if !status.persistent {
        "This window keeps audio in memory only: save a session file before you close it.".to_owned()
    } else if status.quota_bytes > 0.0 {
        format!("kept in this browser, {} of {}", size_text(kept_bytes(&entries, status.usage_bytes)), size_text(status.quota_bytes))
    } else {
        "kept in this browser".to_owned()
    };
    Store { entries, note }
}

/// What the sessions take up. After a start Chromium's own number tells nothing of private files for a while; the list knows better then.
fn kept_bytes(entries: &[SessionEntry], usage_bytes: f64) -> f64 {
    let sizes = || entries.iter().map(|entry| entry.bytes as f64);
    if sizes().all(|size| size <= usage_bytes) { usage_bytes } else { sizes().sum() }
}

fn describe(entry: &SessionEntry) -> String {
    let files = if entry.sources == 1 { "1 file".to_owned() } else { format!("{} files", entry.sources) };
    let mut parts = vec![files];
    if entry.bytes > 0 {
        parts.push(size_text(entry.bytes as f64));
    }
    parts.push(date_text(entry.saved_ms as f64, js_sys::Date::now()));
    parts.join(" · ")
}

/// A number of bytes in three figures.
pub fn size_text(bytes: f64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes.max(0.0);
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let places = if unit == 0 || value >= 9.95 { 0 } else { 1 };
    format!("{value:.places$}\u{2009}{}", units[unit])
}

/// "Today, 14:02", "Yesterday, 9:30", "19 Nov" or "19 Nov 2025", by the clock of this computer.
fn date_text(saved_ms: f64, now_ms: f64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (saved, now) = (js_sys::Date::new(&saved_ms.into()), js_sys::Date::new(&now_ms.into()));
    let clock = format!("{}:{:02}", saved.get_hours(), saved.get_minutes());
    let local_day = |date: &js_sys::Date| ((date.get_time() - f64::from(date.get_timezone_offset() as i32) * 60_000.0) / DAY_MS).floor();
    let days = local_day(&now) - local_day(&saved);
    if days == 0.0 {
        return format!("Today, {clock}");
    }
    if days == 1.0 {
        return format!("Yesterday, {clock}");
    }
    let date = format!("{} {}", saved.get_date(), MONTHS[saved.get_month() as usize % 12]);
    if saved.get_full_year() == now.get_full_year() { date } else { format!("{date} {}", saved.get_full_year()) }
}

#[cfg(test)]
mod tests {
    use super::{SessionEntry, kept_bytes, size_text};

    #[test]
    fn what_is_kept_is_never_told_as_less_than_a_session_of_it() {
        let entry = |bytes| SessionEntry { id: String::new(), name: String::new(), saved_ms: 0, bytes, sources: 1 };
        let entries = [entry(200), entry(100)];
        assert_eq!(kept_bytes(&entries, 12.0), 300.0);
        assert_eq!(kept_bytes(&entries, 250.0), 250.0, "two sessions may share their audio");
        assert_eq!(kept_bytes(&[], 12.0), 12.0);
    }

    #[test]
    fn sizes_read_in_the_unit_that_fits() {
        assert_eq!(size_text(0.0), "0\u{2009}B");
        assert_eq!(size_text(412_300_000.0), "412\u{2009}MB");
        assert_eq!(size_text(1_240_000_000.0), "1.2\u{2009}GB");
        assert_eq!(size_text(999_600.0), "1.0\u{2009}MB");
    }
}
