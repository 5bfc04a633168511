//! The studio's page: boots the views and nothing else.

mod audio;
mod media;
mod state;
mod ui;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(ui::App);
}
