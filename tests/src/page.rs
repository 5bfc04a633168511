//! The page as a test sees it: elements by role and accessible name, keys, files, downloads. Every finder waits
//! for what it looks for and fails the test with a sentence when it does not come.

use crate::places;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thirtyfour::error::WebDriverResult;
use thirtyfour::{Key, TypingData, WebDriver, WebElement};

/// From the whole page down to the element: pairs of role and accessible name; the name `*` is any.
pub type Route<'a> = &'a [(&'a str, &'a str)];

/// How long a finder waits: the machine may be busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a document may take in all, and until it is asked for again.
const LOADING: Duration = Duration::from_secs(180);
const ONE_LOADING: Duration = Duration::from_secs(45);
const POLL: Duration = Duration::from_millis(50);
/// More stops than any page of the tests has.
const MOST_STOPS: usize = 400;

/// One tab with Headroom in it.
pub struct Page {
    web_driver: WebDriver,
    url: String,
    downloads: PathBuf,
}

impl Page {
    /// A page that is served at `url`.
    pub fn new(web_driver: &WebDriver, url: String, downloads: PathBuf) -> Self {
        Self { web_driver: web_driver.clone(), url, downloads }
    }

    /// Loads the page and waits until the studio has started.
    pub async fn open(&self) {
        self.open_at(&self.url).await;
    }

    /// As [`Page::open`], at an address of the page's with something in it.
    pub async fn open_at(&self, address: &str) {
        self.load(async || self.web_driver.goto(address).await).await;
    }

    /// Reloads it.
    pub async fn reload(&self) {
        self.load(async || self.web_driver.refresh().await).await;
    }

    /// Asks for a document until a new one has started: a fresh Firefox on a busy machine now and then never answers the first time.
    async fn load(&self, ask: impl AsyncFn() -> WebDriverResult<()>) {
        let before = self.born().await;
        let start = Instant::now();
        while start.elapsed() < LOADING {
            ask().await.ok();
            let asked = Instant::now();
            while asked.elapsed() < ONE_LOADING {
                if self.born().await.is_some_and(|born| Some(born) != before) && self.has_started().await {
                    return;
                }
                tokio::time::sleep(POLL).await;
            }
        }
        panic!("The studio does not start within {} s.", LOADING.as_secs());
    }

    /// When the document was made, which tells two of them apart.
    async fn born(&self) -> Option<f64> {
        self.web_driver.execute("return performance.timeOrigin", Vec::new()).await.ok()?.json().as_f64()
    }

    async fn has_started(&self) -> bool {
        let body = "return document.readyState === 'complete' && location.protocol !== 'about:' && !document.getElementById('boot')";
        self.web_driver.execute(body, Vec::new()).await.is_ok_and(|value| *value.json() == true)
    }

    /// The page's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where downloads arrive.
    pub fn downloads(&self) -> &Path {
        &self.downloads
    }

    /// The browser's remote control, for what is not here.
    pub fn web_driver(&self) -> &WebDriver {
        &self.web_driver
    }

    /// Runs a function body in the page.
    pub async fn script(&self, body: &str, arguments: &[Value]) -> Value {
        let result = self.web_driver.execute(body, arguments.to_vec()).await;
        result.map(|value| value.json().clone()).unwrap_or_else(|error| panic!("script {body}: {error}"))
    }

    /// Runs a function body that may `await`.
    pub async fn async_script(&self, body: &str, arguments: &[Value]) -> Value {
        let body = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {body} }})().then(done, (error) => done('failed: ' + error));"
        );
        let result = self.web_driver.execute_async(&body, arguments.to_vec()).await;
        result.map(|value| value.json().clone()).unwrap_or_else(|error| panic!("script {body}: {error}"))
    }

    /// All elements at the end of a route, at this moment.
    pub async fn all(&self, route: Route<'_>) -> Vec<WebElement> {
        let start = Instant::now();
        loop {
            let result = self.web_driver.execute(include_str!("find.js"), vec![json!(route)]).await;
            match result.and_then(|value| value.elements()) {
                Ok(elements) => return elements,
                // Firefox refuses to hand over what the page has replaced since it was found.
                Err(error) => assert!(start.elapsed() < PATIENCE, "{}: {error}", told(route)),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether there is such an element at this moment.
    pub async fn has(&self, route: Route<'_>) -> bool {
        // The finder ends with a return of its own.
        let body = concat!("return (function () {", include_str!("find.js"), "})(arguments[0]).length > 0;");
        self.script(body, &[json!(route)]).await == true
    }

    /// The first element at the end of a route, as soon as there is one.
    pub async fn get(&self, route: Route<'_>) -> WebElement {
        self.get_within(route, PATIENCE).await
    }

    /// As [`Page::get`], with a limit of one's own.
    pub async fn get_within(&self, route: Route<'_>, limit: Duration) -> WebElement {
        let start = Instant::now();
        loop {
            if let Some(element) = self.all(route).await.into_iter().next() {
                return element;
            }
            assert!(start.elapsed() < limit, "There is no {}.", told(route));
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until there is no such element.
    pub async fn gone(&self, route: Route<'_>) {
        self.wait(&format!("{} goes", told(route)), PATIENCE, async || !self.has(route).await).await;
    }

    /// Does something with the element, again while the page replaces it under the test's hands.
    async fn with<T>(&self, route: Route<'_>, act: impl AsyncFn(&WebElement) -> WebDriverResult<T>) -> T {
        let start = Instant::now();
        loop {
            match act(&self.get(route).await).await {
                Ok(result) => return result,
                Err(error) => assert!(start.elapsed() < PATIENCE, "{}: {error}", told(route)),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Clicks it.
    pub async fn click(&self, route: Route<'_>) {
        self.with(route, async |element| element.click().await).await;
    }

    /// Focuses it and presses keys: text or [`Key`]s added up.
    pub async fn keys(&self, route: Route<'_>, keys: impl Into<TypingData>) {
        let keys: String = keys.into().as_vec().into_iter().collect();
        self.with(route, async |element| element.focus().await).await;
        self.with(route, async |element| element.send_keys(keys.as_str()).await).await;
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let held = [Key::Shift, Key::Control, Key::Alt].map(char::from);
        let (mut chain, mut down) = (self.web_driver.action_chain(), Vec::new());
        for key in keys.into().as_vec() {
            if held.contains(&key) {
                chain = chain.key_down(key);
                down.push(key);
            } else {
                chain = chain.key_down(key).key_up(key);
            }
        }
        for key in down {
            chain = chain.key_up(key);
        }
        chain.perform().await.unwrap_or_else(|error| panic!("keys: {error}"));
    }

    /// Sets a slider as a person types it: Enter, the value, Enter.
    pub async fn type_value(&self, route: Route<'_>, text: &str) {
        self.keys(route, Key::Enter + "").await;
        let name = route.last().map_or("", |(_, name)| name);
        let field_name = format!("{name} value");
        let field = [&route[..route.len() - 1], &[("textbox", field_name.as_str())]].concat();
        // WebDriver's own clearing takes the focus away, and with it the field.
        self.keys(&field, Key::Control + "a").await;
        self.keys(&field, text).await;
        self.keys(&field, Key::Enter + "").await;
        self.gone(&field).await;
    }

    /// An attribute of it, empty when it has none.
    pub async fn attribute(&self, route: Route<'_>, name: &str) -> String {
        self.with(route, async |element| element.attr(name).await).await.unwrap_or_default()
    }

    /// `aria-valuenow` of a slider or meter.
    pub async fn value(&self, route: Route<'_>) -> f64 {
        let text = self.attribute(route, "aria-valuenow").await;
        text.parse().unwrap_or_else(|_| panic!("{} has the value {text:?}", told(route)))
    }

    /// Its text as shown.
    pub async fn text(&self, route: Route<'_>) -> String {
        self.with(route, async |element| element.text().await).await
    }

    /// Chooses an option of a native or custom combobox by its text.
    pub async fn choose(&self, route: Route<'_>, option: &str) {
        let choose = "const [list, text] = arguments; const option = [...list.options].find((o) => o.textContent.trim() === text);
            if (!option) return [...list.options].map((o) => o.textContent.trim()).join(', ');
            list.value = option.value; list.dispatchEvent(new Event('input', { bubbles: true })); list.dispatchEvent(new Event('change', { bubbles: true })); return true;";
        let chosen = self.with(route, async |list| {
            let result = self.web_driver.execute(choose, vec![list.to_json()?, json!(option)]).await?;
            Ok(result.json().clone())
        });
        let chosen = chosen.await;
        assert_eq!(chosen, true, "{} has no option {option:?}", told(route));
    }

    /// Gives files to a file input, as its chooser would.
    pub async fn give_files(&self, input: &str, files: &[PathBuf]) {
        let lines = files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n");
        self.with(&[("file", input)], async |element| element.send_keys(lines.as_str()).await).await;
    }

    /// Drops files on the window, at a share of its width from the left.
    pub async fn drop_files(&self, files: &[PathBuf], at: f64) {
        // A script cannot make a file of the disk: a chooser of the test's own takes them first.
        let chooser = "const chooser = document.createElement('input'); chooser.type = 'file'; chooser.multiple = true;
            chooser.setAttribute('aria-label', 'Files of the test'); document.body.append(chooser);";
        self.script(chooser, &[]).await;
        self.give_files("Files of the test", files).await;
        let drop = "const chooser = document.querySelector('[aria-label=\"Files of the test\"]'); const dataTransfer = new DataTransfer();
            for (const file of chooser.files) dataTransfer.items.add(file);
            chooser.remove();
            const [clientX, clientY] = [innerWidth * arguments[0], innerHeight / 2];
            const target = document.elementFromPoint(clientX, clientY);
            for (const type of ['dragenter', 'dragover', 'drop'])
                target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, clientX, clientY }));";
        self.script(drop, &[json!(at)]).await;
    }

    /// Presses Tab, or Shift and Tab, until the element at the end of a route has the focus, as a person without a pointer does.
    pub async fn tab_to(&self, route: Route<'_>) {
        self.get(route).await;
        for _ in 0..MOST_STOPS {
            // Past the last stop Firefox gives the focus to its own bars: a person goes back instead.
            match self.way_to(route).await {
                0 => return,
                way if way < 0 => self.press(Key::Shift + Key::Tab).await,
                _ => self.press(Key::Tab + "").await,
            }
        }
        panic!("Tab does not reach {}", told(route));
    }

    /// Presses a key until the element at the end of a route has the focus.
    pub async fn press_until(&self, key: Key, route: Route<'_>) {
        self.get(route).await;
        for _ in 0..MOST_STOPS {
            if self.has_focus(route).await {
                return;
            }
            self.press(key.clone() + "").await;
        }
        panic!("{key:?} does not lead to {}", told(route));
    }

    /// Whether the focus is there.
    pub async fn has_focus(&self, route: Route<'_>) -> bool {
        self.way_to(route).await == 0
    }

    /// Where an element stands from the focus: 1 behind it, -1 before it, 0 has it.
    async fn way_to(&self, route: Route<'_>) -> i64 {
        // The finder ends with a return of its own.
        let body = include_str!("find.js");
        let way = format!(
            "const [found] = (function () {{ {body} }})(arguments[0]); const at = document.activeElement;
            if (!found || found === at) return found ? 0 : 1;
            return at !== document.body && at.compareDocumentPosition(found) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;"
        );
        self.script(&way, &[json!(route)]).await.as_i64().unwrap_or(1)
    }

    /// "Add audio files".
    pub async fn add_audio(&self, files: &[PathBuf]) {
        self.give_files("Add audio files", files).await;
    }

    /// Waits until `condition` holds.
    pub async fn wait(&self, what: &str, limit: Duration, condition: impl AsyncFn() -> bool) {
        let start = Instant::now();
        while !condition().await {
            assert!(start.elapsed() < limit, "Waited {} s in vain: {what}.", limit.as_secs());
            tokio::time::sleep(POLL).await;
        }
    }

    /// The next finished download whose name ends with `ending`.
    pub async fn download(&self, ending: &str, limit: Duration) -> PathBuf {
        let find = || {
            let entries: Vec<PathBuf> =
                std::fs::read_dir(&self.downloads).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            let unfinished = entries.iter().any(|path| path.extension().is_some_and(|e| e == "part" || e == "crdownload"));
            entries
                .into_iter()
                .find(|path| !unfinished && path.to_string_lossy().ends_with(ending) && path.metadata().is_ok_and(|data| data.len() > 0))
        };
        self.wait(&format!("a download ending with {ending}"), limit, async || find().is_some()).await;
        find().unwrap_or_else(|| panic!("the download went away"))
    }

    /// A picture of what is shown, in `target/screens/NAME.png`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let path = places::screen(name);
        self.web_driver.screenshot(&path).await.unwrap_or_else(|error| panic!("screenshot {name}: {error}"));
        path
    }
}

fn told(route: Route<'_>) -> String {
    let parts: Vec<String> = route.iter().rev().map(|(role, name)| format!("{role} \"{name}\"")).collect();
    parts.join(" in ")
}
