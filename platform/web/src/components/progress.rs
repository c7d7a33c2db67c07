use askama::Template;
use chrono::Duration;
use kernel::{duree_francaise, nombre_francais};

use super::{Alert, Dialog, Icon};

/// How far a part of the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    /// Not begun.
    Waiting,
    /// In course.
    Running,
    /// Done.
    Done,
    /// Failed; what it left is in the report.
    Failed,
}

/// One part of the work.
#[derive(Clone, Debug)]
pub struct Phase {
    label: String,
    state: PhaseState,
    done: u64,
    total: Option<u64>,
    note: Option<String>,
}

impl Phase {
    /// « Lecture des étapes ».
    #[must_use]
    pub fn new(label: impl Into<String>, state: PhaseState) -> Self {
        Self { label: label.into(), state, done: 0, total: None, note: None }
    }

    /// How many are done, of how many when that is known.
    #[must_use]
    pub fn counting(mut self, done: u64, total: Option<u64>) -> Self {
        self.done = done;
        self.total = total;
        self
    }

    /// A few words beside it: « attend Apogée depuis 12 s ».
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }

    fn icon(&self) -> Icon {
        match self.state {
            PhaseState::Waiting => Icon::named("circle", "En attente"),
            PhaseState::Running => Icon::named("circle-dot", "En cours"),
            PhaseState::Done => Icon::named("circle-check", "Fait"),
            PhaseState::Failed => Icon::named("circle-x", "Échoué"),
        }
    }

    fn class(&self) -> &'static str {
        match self.state {
            PhaseState::Waiting => "attend",
            PhaseState::Running => "court",
            PhaseState::Done => "fait",
            PhaseState::Failed => "echoue",
        }
    }

    fn figures(&self) -> Option<String> {
        figures(self.done, self.total)
    }
}

fn figures(done: u64, total: Option<u64>) -> Option<String> {
    let n = |n: u64| nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    match (done, total) {
        (done, Some(total)) => Some(format!("{} / {}", n(done), n(total))),
        (0, None) => None,
        (done, None) => Some(n(done)),
    }
}

/// How it ended, and the report it leaves.
#[derive(Clone, Debug)]
pub struct Outcome {
    alert: Alert,
}

impl Outcome {
    /// What happened, whether something was lost, where the report is.
    #[must_use]
    pub fn new(alert: Alert) -> Self {
        Self { alert }
    }
}

/// Long work, as one watches it: in words, done / total, elapsed and remaining. Asks again by itself every second, until its end.
/// One can leave and come back: what is shown is read from the database each time. The whole of the page is morphed, not this part
/// alone: its state and its report change with it.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/avancement.html")]
pub struct Progress {
    id: String,
    href: String,
    doing: String,
    done: u64,
    total: Option<u64>,
    elapsed: Option<Duration>,
    remaining: Option<Duration>,
    phases: Vec<Phase>,
    outcome: Option<Outcome>,
    cancel: Option<Dialog>,
}

impl Progress {
    /// `href` is the page that shows it; `doing` says what is being done: « Lecture des éléments chez Apogée ».
    #[must_use]
    pub fn new(id: impl Into<String>, href: impl Into<String>, doing: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            href: href.into(),
            doing: doing.into(),
            done: 0,
            total: None,
            elapsed: None,
            remaining: None,
            phases: Vec::new(),
            outcome: None,
            cancel: None,
        }
    }

    /// How much is done, of how much when that is known.
    #[must_use]
    pub fn counting(mut self, done: u64, total: Option<u64>) -> Self {
        self.done = done;
        self.total = total;
        self
    }

    /// Since when it runs.
    #[must_use]
    pub fn elapsed(mut self, elapsed: Duration) -> Self {
        self.elapsed = Some(elapsed);
        self
    }

    /// How long it should still take, when that can be said.
    #[must_use]
    pub fn remaining(mut self, remaining: Option<Duration>) -> Self {
        self.remaining = remaining;
        self
    }

    /// Its parts.
    #[must_use]
    pub fn phases(mut self, phases: impl IntoIterator<Item = Phase>) -> Self {
        self.phases = phases.into_iter().collect();
        self
    }

    /// It has ended.
    #[must_use]
    pub fn ended(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(outcome);
        self
    }

    /// How to stop it, when it can be stopped.
    #[must_use]
    pub fn cancel(mut self, dialog: Dialog) -> Self {
        self.cancel = Some(dialog);
        self
    }

    fn running(&self) -> bool {
        self.outcome.is_none()
    }

    fn figures(&self) -> Option<String> {
        figures(self.done, self.total)
    }

    /// A whole per cent, never 100 before the end.
    fn percent(&self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        let percent = self.done.saturating_mul(100) / total;
        Some(if self.running() { percent.min(99) } else { percent.min(100) })
    }

    fn times(&self) -> Option<String> {
        let elapsed = self.elapsed.map(duree_francaise)?;
        Some(match (self.running(), self.remaining) {
            (true, Some(remaining)) => {
                format!("depuis {elapsed}, encore {} environ", duree_francaise(remaining))
            }
            (true, None) => format!("depuis {elapsed}"),
            (false, _) => format!("en {elapsed}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::Tone;

    #[test]
    fn it_polls_while_it_runs_and_stops_at_the_end() {
        let running = Progress::new("p", "/c/1", "Lecture").counting(1000, Some(1000));
        assert!(running.to_string().contains("hx-trigger=\"every 1s\""));
        assert_eq!(running.percent(), Some(99));
        let ended = running.ended(Outcome::new(Alert::new(Tone::Success, "Terminé.")));
        assert!(!ended.to_string().contains("hx-"));
        assert_eq!(ended.percent(), Some(100));
    }

    #[test]
    fn an_unknown_total_is_not_zero() {
        assert_eq!(Progress::new("p", "/", "x").counting(3, None).percent(), None);
        assert_eq!(figures(1234, Some(5000)).as_deref(), Some("1\u{202f}234 / 5\u{202f}000"));
    }
}
