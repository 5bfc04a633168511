//! The menu of a right click, or of the menu key: what can be done with what lies under it.

use leptos::ev::{FocusEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::menu::{MenuItem, MenuLines, place_inside};

/// What is asked to open.
#[derive(Clone)]
struct Asked {
    name: String,
    items: Vec<MenuItem>,
    x: f64,
    y: f64,
}

/// The one context menu of the page; a context.
#[derive(Clone, Copy)]
pub struct ContextMenus {
    asked: RwSignal<Option<Asked>>,
    came_from: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl ContextMenus {
    /// Closed.
    pub fn new() -> Self {
        Self { asked: RwSignal::new(None), came_from: StoredValue::new_local(None) }
    }

    /// Opens it where the event was, under this name, in the browser's own menu's place.
    pub fn open(self, event: &MouseEvent, name: impl Into<String>, items: Vec<MenuItem>) {
        event.prevent_default();
        event.stop_propagation();
        let target = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        // The menu key has no place of its own: the menu stands at what has the focus.
        let at_key = event.client_x() == 0 && event.client_y() == 0;
        let frame = target.as_ref().filter(|_| at_key).map(|target| target.get_bounding_client_rect());
        let (x, y) = frame.map_or((f64::from(event.client_x()), f64::from(event.client_y())), |frame| (frame.left(), frame.bottom()));
        self.came_from.set_value(document().active_element().and_then(|element| element.dyn_into().ok()));
        self.asked.set(Some(Asked { name: name.into(), items, x, y }));
    }

    /// Closed by a choice or by Escape: the focus goes back to where it came from.
    fn close(self) {
        self.asked.set(None);
        if let Some(element) = self.came_from.get_value() {
            let _ = element.focus();
        }
    }
}

/// Where the page's context menu stands.
#[component]
pub fn ContextMenuHost() -> impl IntoView {
    let menus = expect_context::<ContextMenus>();
    move || menus.asked.get().map(|asked| view! { <Opened asked menus /> })
}

#[component]
fn Opened(asked: Asked, menus: ContextMenus) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let (x, y) = (asked.x, asked.y);
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            place_inside(&list, x, y);
        }
    });
    let focus_left = move |event: FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        let is_inside = list.try_get_untracked().flatten().is_some_and(|list| to.is_some() && list.contains(to.as_ref()));
        if !is_inside {
            menus.asked.set(None);
        }
    };
    view! {
        <div on:focusout=focus_left>
            <MenuLines name=Signal::stored(asked.name) items=asked.items list close=Callback::new(move |()| menus.close()) />
        </div>
    }
}
