//! Pages and their cursors.
//!
//! A cursor is opaque, belongs to the list it was given out for, and tells how many items were answered before.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::call::Call;
use super::errors::{GraphError, bad_cursor, invalid, not_played};
use crate::dice::throw;

/// Without a `limit`.
const DEFAULT_LIMIT: usize = 25;

/// The part of a list that a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    limit: usize,
    start: usize,
    /// An empty page came before this one, so this one is not empty.
    owed: bool,
    list: u64,
}

/// How a page comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Whole,
    Half,
    Empty,
}

impl Size {
    /// Of every `nth` page something is missing, of every third of those everything. 0: of none.
    pub fn of(page: u64, nth: u64) -> Self {
        match (page.checked_rem(nth), page.checked_div(nth)) {
            (Some(0), Some(short)) if short % 3 == 2 => Self::Empty,
            (Some(0), _) => Self::Half,
            _ => Self::Whole,
        }
    }
}

/// A slice of the list and the links around it.
pub struct Page {
    pub from: usize,
    pub to: usize,
    pub paging: Option<Value>,
}

impl Wish {
    /// Reads `limit` and `after`. A limit above the cap is lowered without a word.
    pub fn read(call: &Call, cap: usize) -> Result<Self, GraphError> {
        if call.get("before").is_some() {
            return Err(not_played("paging backwards"));
        }
        let limit = match call.get("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse::<usize>() {
                Ok(limit) if limit > 0 => limit,
                _ => return Err(invalid("Param limit must be an integer greater than or equal to 1")),
            },
        };
        let list = fingerprint(call);
        let (start, owed) = match call.get("after") {
            None => (0, false),
            Some(cursor) => open(cursor, list).ok_or_else(bad_cursor)?,
        };
        Ok(Self { limit: limit.min(cap), start, owed, list })
    }

    /// Cuts the page out of a list of `total` items.
    pub fn cut(&self, call: &Call, total: usize, size: Size) -> Result<Page, GraphError> {
        if self.start > total {
            return Err(invalid(
                "The after cursor specified exceeds the max limit supported by this endpoint",
            ));
        }
        let left = (total - self.start).min(self.limit);
        let take = match size {
            Size::Empty if !self.owed && left > 0 => 0,
            Size::Half => left.div_ceil(2),
            _ => left,
        };
        let to = self.start + take;
        if total == 0 {
            return Ok(Page { from: 0, to: 0, paging: None });
        }
        let after = seal(to, take == 0, self.list);
        let mut paging =
            json!({ "cursors": { "before": seal(self.start, false, self.list), "after": after } });
        if to < total {
            paging["next"] = json!(next(call, &after));
        }
        Ok(Page { from: self.start, to, paging: Some(paging) })
    }
}

/// The whole address of the next page. As on Facebook it repeats the token, and lacks the proof.
fn next(call: &Call, after: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(token) = &call.token {
        query.append_pair("access_token", token);
    }
    let kept = |name: &str| !matches!(name, "access_token" | "after" | "appsecret_proof");
    query.extend_pairs(call.parameters.iter().filter(|(name, _)| kept(name)));
    query.append_pair("after", after);
    format!("{}?{}", call.base, query.finish())
}

/// The same list has the same fingerprint, whatever the page size and however the call is signed.
fn fingerprint(call: &Call) -> u64 {
    let mut words = vec![call.address.rest.as_str()];
    for (name, value) in &call.parameters {
        if !matches!(name.as_str(), "access_token" | "after" | "appsecret_proof" | "limit") {
            words.extend([name.as_str(), value.as_str()]);
        }
    }
    throw(&words)
}

fn seal(start: usize, owed: bool, list: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{start}.{}.{list:016x}", u8::from(owed)))
}

fn open(cursor: &str, list: u64) -> Option<(usize, bool)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let mut parts = text.split('.');
    let (start, owed, of) = (parts.next()?, parts.next()?, parts.next()?);
    (of == format!("{list:016x}") && parts.next().is_none()).then_some(())?;
    Some((start.parse().ok()?, owed == "1"))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn call(query: &str) -> Call {
        let request = Request::get(format!("/graph/v26.0/me/adaccounts?{query}")).header("host", "h:1");
        Call::read(&request.body(()).unwrap().into_parts().0, b"")
    }

    fn page(query: &str, total: usize, size: Size) -> Page {
        let call = call(query);
        Wish::read(&call, 1000).unwrap().cut(&call, total, size).ok().unwrap()
    }

    fn after(page: &Page) -> String {
        page.paging.as_ref().unwrap()["cursors"]["after"].as_str().unwrap().to_owned()
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let first = page("limit=2", 3, Size::Whole);
        assert_eq!((first.from, first.to), (0, 2));
        let last = page(&format!("limit=2&after={}", after(&first)), 3, Size::Whole);
        assert_eq!((last.from, last.to), (2, 3));
        assert!(last.paging.unwrap().get("next").is_none());
        assert_eq!(page("", 30, Size::Whole).to, 25);
        assert!(page("", 0, Size::Whole).paging.is_none());
    }

    #[test]
    fn the_link_to_the_next_page_holds_the_token_and_no_proof() {
        let page = page("limit=2&access_token=T&appsecret_proof=P&fields=id", 3, Size::Whole);
        let paging = page.paging.unwrap();
        let next = paging["next"].as_str().unwrap();
        assert!(
            next.starts_with("http://h:1/graph/v26.0/me/adaccounts?access_token=T&fields=id&limit=2&after=")
        );
    }

    #[test]
    fn an_empty_page_is_followed_by_one_that_is_not() {
        let empty = page("limit=2", 3, Size::Empty);
        assert_eq!((empty.from, empty.to), (0, 0));
        assert!(empty.paging.as_ref().unwrap().get("next").is_some());
        let second = page(&format!("limit=2&after={}", after(&empty)), 3, Size::Empty);
        assert_eq!((second.from, second.to), (0, 2));
        assert_eq!(page("limit=9", 3, Size::Half).to, 2);
    }

    #[test]
    fn every_nth_page_is_short() {
        let sizes = (1..=6).map(|page| Size::of(page, 2)).collect::<Vec<_>>();
        assert_eq!(sizes, [Size::Whole, Size::Half, Size::Whole, Size::Empty, Size::Whole, Size::Half]);
        assert_eq!(Size::of(7, 0), Size::Whole);
    }

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursor = after(&page("limit=2&fields=id", 3, Size::Whole));
        let other = call(&format!("limit=2&fields=name&after={cursor}"));
        assert_eq!(Wish::read(&other, 1000), Err(bad_cursor()));
        assert_eq!(Wish::read(&call("after=rubbish"), 1000), Err(bad_cursor()));
        let deep = seal(9, false, fingerprint(&call("")));
        let call = call(&format!("after={deep}"));
        assert!(Wish::read(&call, 1000).unwrap().cut(&call, 3, Size::Whole).is_err());
        assert!(Wish::read(&super::tests::call("limit=0"), 1000).is_err());
    }
}
