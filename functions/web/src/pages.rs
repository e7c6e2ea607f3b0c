//! The files of the dashboard, as `npm run build` made them: beside the binary, each also in the compressed forms.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY as POLICY, CONTENT_TYPE, ETAG,
    HeaderName, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Request, Response};
use sha2::{Digest, Sha256};

/// Everything comes from here and goes back here.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file's name holds the hash of what is in it, so it never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The page names the files of today, so it is asked for each time; where it is the same, nothing is sent.
const ASK_EACH_TIME: &str = "no-cache";

/// The compressed forms, the smallest first: what a browser calls it, and how a file of it ends.
const FORMS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

const PAGE: &str = "index.html";

/// All files.
#[derive(Debug)]
pub struct Pages {
    page: File,
    assets: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    content_type: &'static str,
    etag: HeaderValue,
    plain: Vec<u8>,
    compressed: Vec<(&'static str, Vec<u8>)>,
}

impl Pages {
    /// Reads the files of a folder.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let page = File::read(&folder.join(PAGE), PAGE)?;
        let mut assets = HashMap::new();
        for entry in fs::read_dir(folder.join("assets"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !FORMS.iter().any(|(_, end)| name.ends_with(end)) {
                assets.insert(name.clone(), File::read(&entry.path(), &name)?);
            }
        }
        Ok(Self { page, assets })
    }

    /// A page without any files, for tests of what is no page.
    #[cfg(test)]
    pub fn of_one_page() -> Self {
        let etag = HeaderValue::from_static("W/\"1\"");
        let page = File { content_type: content_type(PAGE), etag, plain: vec![], compressed: vec![] };
        Self { page, assets: HashMap::new() }
    }

    /// The page itself, which finds its own way.
    pub fn page(&self, request: &Request) -> Response<Body> {
        self.page.answer(request, ASK_EACH_TIME)
    }

    /// A file that the page loads.
    pub fn asset(&self, name: &str, request: &Request) -> Option<Response<Body>> {
        self.assets.get(name).map(|file| file.answer(request, FOR_EVER))
    }
}

impl File {
    fn read(path: &Path, name: &str) -> io::Result<Self> {
        let plain = fs::read(path)?;
        let mut compressed = vec![];
        for (form, end) in FORMS {
            let path = path.with_file_name(format!("{name}{end}"));
            if path.is_file() {
                compressed.push((form, fs::read(path)?));
            }
        }
        let digest = Sha256::digest(&plain);
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::try_from(format!("W/\"{hex}\"")).map_err(io::Error::other)?;
        Ok(Self { content_type: content_type(name), etag, plain, compressed })
    }

    fn answer(&self, request: &Request, cache: &'static str) -> Response<Body> {
        let headers = request.headers();
        let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| *known == self.etag);
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let form = self.compressed.iter().find(|(form, _)| accepts(accepted, form));
        let mut response = Response::new(match form {
            _ if is_known => Body::Empty,
            Some((_, bytes)) => Body::Binary(bytes.clone()),
            None => Body::Binary(self.plain.clone()),
        });
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
        set(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        set(CACHE_CONTROL, HeaderValue::from_static(cache));
        set(ETAG, self.etag.clone());
        set(VARY, HeaderValue::from_static("accept-encoding"));
        set(POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
        set(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        set(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        if let Some((form, _)) = form.filter(|_| !is_known) {
            set(CONTENT_ENCODING, HeaderValue::from_static(form));
        }
        response
    }
}

/// `gzip, br;q=0.8` accepts both; `br;q=0` refuses one.
fn accepts(accepted: &str, form: &str) -> bool {
    accepted.split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let is_refused = |part: &str| part.trim_start_matches("q=").trim_end_matches(['0', '.']).is_empty();
        parts.next() == Some(form) && !parts.any(|part| part.starts_with("q=") && is_refused(part))
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
