use lambda_http::http::header::HeaderMap;

use super::*;

/// A folder as the build leaves it; gone when this is dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("pages-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("assets")).unwrap();
        for (path, text) in [
            ("index.html", "page"),
            ("index.html.br", "page in br"),
            ("index.html.gz", "page in gzip"),
            ("assets/main-1.js", "script"),
            ("assets/main-1.js.gz", "script in gzip"),
        ] {
            fs::write(folder.join(path), text).unwrap();
        }
        Self(folder)
    }

    fn pages(&self) -> Pages {
        Pages::read(&self.0).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn asking(headers: &[(HeaderName, &str)]) -> Request {
    let mut request = Request::default();
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

fn text(response: &Response<Body>) -> String {
    String::from_utf8(response.body().as_ref().to_vec()).unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn a_file_comes_in_the_smallest_form_that_the_browser_takes() {
    let folder = Folder::new("forms");
    let pages = folder.pages();
    for (accepted, body, form) in [
        ("gzip, deflate, br", "page in br", Some("br")),
        ("br;q=0, gzip;q=0.5", "page in gzip", Some("gzip")),
        ("br;q=0.0", "page", None),
        ("identity", "page", None),
    ] {
        let response = pages.page(&asking(&[(ACCEPT_ENCODING, accepted)]));
        assert_eq!(text(&response), body, "{accepted}");
        assert_eq!(header(response.headers(), "content-encoding"), form, "{accepted}");
        assert_eq!(header(response.headers(), "vary"), Some("accept-encoding"));
    }
    let script = pages.asset("main-1.js", &asking(&[(ACCEPT_ENCODING, "br, gzip")])).unwrap();
    assert_eq!(text(&script), "script in gzip");
}

#[test]
fn a_hashed_file_is_kept_for_ever_and_the_page_is_asked_for_each_time() {
    let folder = Folder::new("cache");
    let pages = folder.pages();
    let page = pages.page(&asking(&[]));
    assert_eq!(header(page.headers(), "cache-control"), Some("no-cache"));
    assert_eq!(header(page.headers(), "content-type"), Some("text/html; charset=utf-8"));
    let script = pages.asset("main-1.js", &asking(&[])).unwrap();
    assert_eq!(header(script.headers(), "cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(header(script.headers(), "content-type"), Some("text/javascript; charset=utf-8"));

    let etag = header(page.headers(), "etag").unwrap();
    let again = pages.page(&asking(&[(IF_NONE_MATCH, etag)]));
    assert_eq!((again.status(), text(&again)), (StatusCode::NOT_MODIFIED, String::new()));
    let other = pages.page(&asking(&[(IF_NONE_MATCH, "W/\"0\"")]));
    assert_eq!(other.status(), StatusCode::OK);
}

#[test]
fn only_files_of_the_build_are_served_and_no_compressed_form_by_its_own_name() {
    let folder = Folder::new("names");
    let pages = folder.pages();
    for name in ["main-1.js.gz", "../index.html", "index.html", "", "main-2.js"] {
        assert!(pages.asset(name, &asking(&[])).is_none(), "{name}");
    }
}

#[test]
fn a_page_loads_nothing_from_elsewhere_and_stands_in_no_frame() {
    let folder = Folder::new("policy");
    let response = folder.pages().page(&asking(&[]));
    let policy = header(response.headers(), "content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(header(response.headers(), "x-content-type-options"), Some("nosniff"));
}

#[test]
fn a_folder_without_pages_is_told_at_the_start() {
    assert!(Pages::read(Path::new("/nowhere")).is_err());
}
