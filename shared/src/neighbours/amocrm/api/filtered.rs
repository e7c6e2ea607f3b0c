//! A page of what was asked for, and what amoCRM did instead of it: filters that an account has switched off, and that
//! amoCRM does not know, are ignored in silence, and then anything at all is answered.
//!
//! Nothing here decides what is to be done about that: who asks knows whether it matters.

use serde_json::Value;

use super::page::{List, Page};

/// A page, cleared of what nobody has asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filtered<T> {
    /// What was asked for.
    pub page: Page<T>,
    /// Whether anything else stood on it: the filter is not in force, and an end to the pages may be far away.
    pub ignored: bool,
    /// Whether it stood in another order than the one asked for: pages may then skip what changes between them.
    pub unordered: bool,
    /// How much of it could not be read and is left out.
    pub unreadable: usize,
}

impl<T> Default for Filtered<T> {
    /// An empty list is what was asked for.
    fn default() -> Self {
        Self { page: Page::default(), ignored: false, unordered: false, unreadable: 0 }
    }
}

/// What a row turned out to be.
pub(super) enum Found<T> {
    /// What was asked for.
    Wanted(T),
    /// Something else.
    Unwanted,
    /// Nobody can tell.
    Unreadable,
}

impl<T> Found<T> {
    /// What was read, if it could be and is wanted.
    pub fn of(read: Option<T>, is_wanted: impl FnOnce(&T) -> bool) -> Self {
        match read {
            Some(read) if is_wanted(&read) => Self::Wanted(read),
            Some(_) => Self::Unwanted,
            None => Self::Unreadable,
        }
    }
}

impl<T> Filtered<T> {
    /// What is wanted of a list's rows. Whether they are in order is not looked at.
    pub(super) fn of(list: Option<List<Value>>, read: impl Fn(Value) -> Found<T>) -> Self {
        let rows = Page::of(list, |row| Some(read(row)));
        let mut filtered = Self { page: Page { items: vec![], has_next: rows.has_next }, ..Self::default() };
        for row in rows.items {
            match row {
                Found::Wanted(item) => filtered.page.items.push(item),
                Found::Unwanted => filtered.ignored = true,
                Found::Unreadable => filtered.unreadable += 1,
            }
        }
        filtered
    }
}
