//! An answer before it is put on the wire.

use axum::http::StatusCode;
use serde_json::Value;

/// Status, headers, and a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    /// Content type; `None` where there is no body.
    pub kind: Option<&'static str>,
    pub body: String,
    /// Entities that were made, for the record.
    pub made: Vec<u64>,
}

impl Reply {
    /// 200 in amoCRM's own media type.
    pub fn hal(body: &Value) -> Self {
        Self::text(StatusCode::OK, "application/hal+json", body.to_string())
    }

    /// 204, amoCRM's word for an empty list and for what is not there.
    pub fn nothing() -> Self {
        let empty = Self::text(StatusCode::NO_CONTENT, "", String::new());
        Self { kind: None, ..empty }
    }

    /// Anything else.
    pub fn text(status: StatusCode, kind: &'static str, body: String) -> Self {
        Self { status, headers: Vec::new(), kind: Some(kind), body, made: Vec::new() }
    }

    /// A page of the web server in front of amoCRM, which speaks no JSON.
    pub fn page(status: StatusCode) -> Self {
        let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("Error"));
        let body = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        );
        Self::text(status, "text/html", body)
    }

    /// With the ids of what was made.
    pub fn made(mut self, ids: Vec<u64>) -> Self {
        self.made = ids;
        self
    }
}
