//! PostgREST's parameters: which columns, which rows, in which order, how many.

use super::reply::Refusal;

/// A question about one table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Nothing for all columns.
    pub columns: Option<Vec<String>>,
    pub filters: Vec<Filter>,
    pub order: Vec<Order>,
    pub limit: Option<usize>,
    pub offset: usize,
}

/// `column=not.op.value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    pub column: String,
    pub not: bool,
    pub test: Test,
}

/// What a column is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Eq(String),
    Neq(String),
    Gt(String),
    Gte(String),
    Lt(String),
    Lte(String),
    /// With `*` for anything; the second says whether case counts.
    Like(String, bool),
    In(Vec<String>),
    /// `null`, `true`, `false`.
    Is(String),
}

/// `column.desc.nullslast`.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub column: String,
    pub descending: bool,
    pub nulls_first: bool,
}

/// Reads the part of an address behind the question mark.
pub fn read(text: &str) -> Result<Query, Refusal> {
    let mut query = Query::default();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        match name.as_ref() {
            "select" if value == "*" => query.columns = None,
            "select" => query.columns = Some(value.split(',').map(column).collect::<Result<_, _>>()?),
            "order" => query.order = value.split(',').map(order).collect::<Result<_, _>>()?,
            "limit" => query.limit = Some(number(&value)?),
            "offset" => query.offset = number(&value)?,
            "or" | "and" | "not.or" | "not.and" | "on_conflict" | "columns" => {
                return Err(Refusal::not_played(&name));
            }
            name => query.filters.push(filter(name, &value)?),
        }
    }
    Ok(query)
}

fn number(text: &str) -> Result<usize, Refusal> {
    text.parse().map_err(|_| Refusal::unreadable(text))
}

fn column(name: &str) -> Result<String, Refusal> {
    let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_plain.then(|| name.to_owned()).ok_or_else(|| Refusal::not_played(name))
}

fn order(text: &str) -> Result<Order, Refusal> {
    let mut parts = text.split('.');
    let column = column(parts.next().unwrap_or_default())?;
    let (mut descending, mut nulls_first) = (false, None);
    for part in parts {
        match part {
            "asc" => descending = false,
            "desc" => descending = true,
            "nullsfirst" => nulls_first = Some(true),
            "nullslast" => nulls_first = Some(false),
            _ => return Err(Refusal::unreadable(text)),
        }
    }
    Ok(Order { column, descending, nulls_first: nulls_first.unwrap_or(descending) })
}

fn filter(name: &str, text: &str) -> Result<Filter, Refusal> {
    let column = column(name)?;
    let (not, rest) = text.strip_prefix("not.").map_or((false, text), |rest| (true, rest));
    let (operator, value) = rest.split_once('.').ok_or_else(|| Refusal::unreadable(text))?;
    let own = || value.to_owned();
    let test = match operator {
        "eq" => Test::Eq(own()),
        "neq" => Test::Neq(own()),
        "gt" => Test::Gt(own()),
        "gte" => Test::Gte(own()),
        "lt" => Test::Lt(own()),
        "lte" => Test::Lte(own()),
        "like" => Test::Like(own(), true),
        "ilike" => Test::Like(value.to_lowercase(), false),
        "is" if ["null", "true", "false"].contains(&value) => Test::Is(own()),
        "in" => {
            let list = value.strip_prefix('(').and_then(|list| list.strip_suffix(')'));
            let list = list.ok_or_else(|| Refusal::unreadable(text))?;
            Test::In(list.split(',').map(|item| item.trim_matches('"').to_owned()).collect())
        }
        _ => return Err(Refusal::unreadable(text)),
    };
    Ok(Filter { column, not, test })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_by_key_is_read() {
        let query = read(
            "select=*&created_at=gte.2025-03-15T05%3A00%3A00Z&source=not.ilike.Proftest*&order=created_at.asc,id.asc&limit=1000",
        );
        let query = query.unwrap();
        assert_eq!((query.columns, query.limit, query.offset), (None, Some(1000), 0));
        let expected = [
            Filter {
                column: "created_at".to_owned(),
                not: false,
                test: Test::Gte("2025-03-15T05:00:00Z".to_owned()),
            },
            Filter {
                column: "source".to_owned(),
                not: true,
                test: Test::Like("proftest*".to_owned(), false),
            },
        ];
        assert_eq!(query.filters, expected);
        let columns: Vec<&str> = query.order.iter().map(|order| order.column.as_str()).collect();
        assert_eq!(columns, ["created_at", "id"]);
    }

    #[test]
    fn nulls_come_last_upwards_and_first_downwards() {
        let nulls = |text: &str| read(text).unwrap().order[0].nulls_first;
        let all = ["order=a", "order=a.desc", "order=a.desc.nullslast", "order=a.nullsfirst"].map(nulls);
        assert_eq!(all, [false, true, false, true]);
    }

    #[test]
    fn what_is_not_played_is_refused() {
        for text in [
            "or=(a.eq.1,b.eq.2)",
            "a=1",
            "a=xx.1",
            "order=a.up",
            "limit=x",
            "select=m->x",
            "a=in.1",
            "a->b=eq.1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
