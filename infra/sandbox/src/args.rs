//! The command line: `--front 8080 --control 8082 --gate 8083 --ministack 8081 --stack traffic`, and where amoCRM's world
//! is kept, if it is: `--amocrm-state world.json`.
//!
//! Arguments and not environment variables, so that a process list shows which stack a sandbox belongs to.

use std::collections::HashMap;
use std::path::PathBuf;

/// Where to listen, where MiniStack is, and the stack's name.
#[derive(Debug, PartialEq, Eq)]
pub struct Args {
    pub front: u16,
    pub control: u16,
    pub gate: u16,
    pub ministack: u16,
    pub stack: String,
    /// The file that amoCRM's world is kept in.
    pub amocrm_state: Option<PathBuf>,
}

impl Args {
    /// Reads pairs of name and value. The error says which one is wrong.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut given = HashMap::new();
        let mut arguments = arguments;
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            given.insert(name, value);
        }
        let mut take = |name: &str| given.remove(name).ok_or_else(|| format!("{name} is missing"));
        let args = Self {
            front: port(take("--front")?)?,
            control: port(take("--control")?)?,
            gate: port(take("--gate")?)?,
            ministack: port(take("--ministack")?)?,
            stack: take("--stack")?,
            amocrm_state: given.remove("--amocrm-state").map(PathBuf::from),
        };
        match given.keys().next() {
            Some(name) => Err(format!("{name} is not an argument of the sandbox")),
            None => Ok(args),
        }
    }
}

fn port(text: String) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text:?} is not a port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_every_argument() {
        let args = parse("--front 1 --control 2 --gate 3 --ministack 4 --stack traffic");
        let expected =
            Args { front: 1, control: 2, gate: 3, ministack: 4, stack: "traffic".into(), amocrm_state: None };
        assert_eq!(args, Ok(expected));
        let kept =
            parse("--front 1 --control 2 --gate 3 --ministack 4 --stack s --amocrm-state /var/world.json");
        assert_eq!(kept.unwrap().amocrm_state, Some("/var/world.json".into()));
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(parse("--front 1 --control 2 --gate 3 --ministack 4"), Err("--stack is missing".into()));
        assert_eq!(parse("--front x"), Err("\"x\" is not a port".into()));
        assert_eq!(parse("--front"), Err("--front needs a value".into()));
    }
}
