//! The insert slots: a strip's chain, each slot with its gain reduction, and the button that adds one.

use dsp::processors::SPECS;
use dsp::protocol::{InsertId, StripId};
use leptos::ev::MouseEvent;
use leptos::html::{I, Span};
use leptos::prelude::*;
use session::Edit;
use session::model::Insert;

use super::freeze::FrozenSlot;
use super::menus::of_insert;
use super::slot_drag::{Place, SlotDrag, pressed_key};
use crate::state::Studio;
use crate::ui::editors::SlotCurve;
use crate::ui::frame::FrameLoop;
use crate::ui::widgets::{ContextMenus, Icon, IconView, Menu, MenuItem};

/// A reduction of this much fills the bar of a slot.
const FULL_REDUCTION_DB: f32 = 12.0;
/// Less is not shown.
const SMALLEST_REDUCTION_DB: f32 = 0.05;

/// The list "Inserts" of a strip.
#[component]
pub fn Inserts(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let inserts = studio.strip_memo(strip, |strip| strip.inserts.iter().map(|insert| insert.id).collect::<Vec<_>>());
    let drag = use_context::<SlotDrag>();
    let lands_at = move |at: Option<usize>| drag.is_some_and(|drag| at.is_some_and(|at| drag.over.get() == Some(Place { strip, at })));
    let lands_before = move |insert: InsertId| lands_at(inserts.with(|inserts| inserts.iter().position(|found| *found == insert)));
    view! {
        <div class="inserts" data-chain=strip.0.to_string() class:is-drop-end=move || lands_at(Some(inserts.with(Vec::len)))>
            <FrozenSlot strip />
            <ul role="list" aria-label="Inserts">
                <For
                    each=move || inserts.get()
                    key=|insert| *insert
                    children=move |insert| view! { <li class:is-drop-before=move || lands_before(insert)><Slot strip insert /></li> }
                />
            </ul>
            <AddInsert strip />
        </div>
    }
}

/// The button "Add insert" with the menu of processors.
#[component]
pub fn AddInsert(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let items =
        move |()| SPECS.iter().map(|spec| MenuItem::new(spec.name, spec.help, move || add_insert(studio, strip, spec.id))).collect();
    view! {
        <Menu name="Add insert" class="slot is-add" hint="Adds a processor at the end of the chain" items=Callback::new(items)>
            <IconView icon=Icon::Plus />
        </Menu>
    }
}

/// Adds a processor at the end of a chain and opens its editor.
pub fn add_insert(studio: Studio, strip: StripId, processor: &'static str) {
    let Some(song) = studio.peek_song_id() else { return };
    let Some(insert) = studio.peek(|session| Insert::new(&mut session.ids(), processor)) else { return };
    let (id, name) = (insert.id, insert.name().to_owned());
    if studio.dispatch(studio.step_name(strip, &format!("add {name}")), Edit::AddInsert { song, strip, at: usize::MAX, insert }) {
        studio.toggle_editor(id);
    }
}

/// Bypasses an insert, or ends its bypass.
pub fn toggle_bypass(studio: Studio, strip: StripId, insert: InsertId) {
    let Some(song) = studio.peek_song_id() else { return };
    let found = studio.peek_strip(strip, |strip| strip.insert(insert).map(|insert| (insert.bypassed, insert.name().to_owned()))).flatten();
    if let Some((bypassed, name)) = found {
        let edit = Edit::SetBypass { song, strip, insert, bypassed: !bypassed };
        studio.dispatch(studio.step_name(strip, &format!("{name} bypass")), edit);
    }
}

/// A slot is called by its processor's full name; the short one and the reduction are drawn by the stylesheet, for eyes only.
#[component]
fn Slot(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let text = studio.strip_memo(strip, move |strip| {
        let found = strip.insert(insert);
        let full = found.map(|insert| insert.name().to_owned()).unwrap_or_default();
        let short = found.and_then(Insert::spec).map_or_else(|| full.clone(), |spec| spec.short_name.to_owned());
        (full, short)
    });
    let bypassed = studio.strip_memo(strip, move |strip| strip.insert(insert).is_some_and(|insert| insert.bypassed));
    let is_open = Memo::new(move |_| studio.editors.with(|editors| editors.contains(&insert)));
    let name = move || {
        let full = text.with(|text| text.0.clone());
        if bypassed.get() { format!("{full}, bypassed") } else { full }
    };
    let (drag, menus) = (use_context::<SlotDrag>(), use_context::<ContextMenus>());
    let press = move |event: MouseEvent| {
        if drag.is_some_and(SlotDrag::was_drag) {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            toggle_bypass(studio, strip, insert);
        } else {
            studio.toggle_editor(insert);
        }
    };
    let hint = move || {
        studio.hints.show(
            &text.with_untracked(|text| text.0.clone()),
            "Opens the editor · Ctrl and click bypasses · drag moves it, with Alt a copy · Alt and arrows move it · Delete",
        )
    };
    view! {
        <button
            type="button"
            class="slot"
            class:is-off=bypassed
            class:is-open=is_open
            data-insert=insert.0.to_string()
            aria-label=name
            aria-expanded=move || if is_open.get() { "true" } else { "false" }
            on:mousedown=crate::ui::widgets::keep_focus
            on:pointerdown=move |event| drag.iter().for_each(|drag| drag.pressed(strip, insert, &event))
            on:pointermove=move |event| drag.iter().for_each(|drag| drag.moved(&event))
            on:pointerup=move |event| drag.iter().for_each(|drag| drag.released(studio, &event))
            on:pointercancel=move |_| drag.iter().for_each(|drag| drag.give_up())
            on:keydown=move |event| pressed_key(studio, strip, insert, &event)
            on:contextmenu=move |event| {
                drag.iter().for_each(|drag| drag.give_up());
                menus.iter().for_each(|menus| menus.open(&event, name(), of_insert(studio, strip, insert)));
            }
            on:click=press
            on:focus=move |_| hint()
            on:pointerenter=move |_| hint()
        >
            <span class="slot-name" data-short=move || text.with(|text| text.1.clone())></span>
            <Reduction insert />
            <SlotCurve strip insert />
        </button>
    }
}

/// Number and bar of an insert's gain reduction.
#[component]
pub fn Reduction(insert: InsertId) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let (number, bar) = (NodeRef::<Span>::new(), NodeRef::<I>::new());
    let mut shown = f32::NAN;
    frames.each(move |frame| {
        let reduction = -frame.readings.reduction_db(insert);
        if !frame.is_number_time || reduction == shown {
            return;
        }
        let (Some(number), Some(bar)) = (number.get_untracked(), bar.get_untracked()) else { return };
        shown = reduction;
        let text = if reduction >= SMALLEST_REDUCTION_DB { format!("−{reduction:.1}") } else { String::new() };
        let _ = number.set_attribute("data-value", &text);
        let filled = (reduction / FULL_REDUCTION_DB).clamp(0.0, 1.0);
        let style = leptos::web_sys::HtmlElement::style(&bar);
        let _ = style.set_property("--g", &format!("{filled:.3}"));
    });
    view! {
        <span class="slot-reduction n" data-value="" node_ref=number></span>
        <i class="slot-bar" node_ref=bar></i>
    }
}
