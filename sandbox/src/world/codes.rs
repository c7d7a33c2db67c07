use std::collections::HashSet;

/// Gives codes in the style of the establishment: a meaningful stem, then a counter in base 36, within Apogée's lengths and never twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    taken: HashSet<String>,
    next: std::collections::HashMap<String, u32>,
}

impl Codes {
    /// Holds a code so that it is not given again.
    pub(super) fn reserve(&mut self, code: &str) {
        self.taken.insert(code.to_owned());
    }

    /// `stem` itself when it is free.
    pub(super) fn exact(&mut self, stem: &str) -> Option<String> {
        self.taken.insert(stem.to_owned()).then(|| stem.to_owned())
    }

    /// `stem` followed by a counter of at least `digits` signs, `max` characters at most. The stem gives way, from its end, when the
    /// counter needs the room.
    pub(super) fn numbered(&mut self, stem: &str, digits: usize, max: usize) -> String {
        let room = u32::try_from(max.saturating_sub(stem.len())).unwrap_or_default();
        let counter = self.next.entry(stem.to_owned()).or_insert(0);
        loop {
            *counter += 1;
            if *counter >= 36_u32.saturating_pow(room) {
                break;
            }
            let code = format!("{stem}{:0>digits$}", base36(*counter));
            if code.len() <= max && self.taken.insert(code.clone()) {
                return code;
            }
        }
        let shorter: String = stem.chars().take(stem.chars().count().saturating_sub(1)).collect();
        self.numbered(&shorter, digits, max)
    }
}

/// A number in base 36, decimal digits first, so that small counters read as numbers do: 1…9 then A…Z.
fn base36(mut n: u32) -> String {
    let mut out = Vec::new();
    while n > 0 || out.is_empty() {
        out.push(char::from_digit(n % 36, 36).unwrap_or('0').to_ascii_uppercase());
        n /= 36;
    }
    out.iter().rev().collect()
}

/// Cuts a label at Apogée's length, on characters, without a space at the end.
pub(super) fn cut(label: &str, max: usize) -> String {
    label.chars().take(max).collect::<String>().trim_end().to_owned()
}
