//! Which crate may use which: the table of docs/map.md, held to what `cargo metadata` says. Anything else fails.
#![expect(clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// One crate uses another of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: String,
    to: String,
    test: bool,
}

impl Arrow {
    fn new(from: &str, to: &str) -> Self {
        Self { from: from.into(), to: to.into(), test: false }
    }

    fn in_tests(from: &str, to: &str) -> Self {
        Self { test: true, ..Self::new(from, to) }
    }
}

/// The room of the house that a folder is in.
fn room(folder: &str) -> &str {
    folder.split('/').next().unwrap_or_default()
}

/// Whether the table has this arrow. Crates are named by their folder: `contexts/api`.
fn allowed(arrow: &Arrow) -> bool {
    let (from, to) = (arrow.from.as_str(), arrow.to.as_str());
    // Tests of any crate stand on the bench; those of a crate that reads a source may play it.
    if arrow.test
        && (to == "platform/testkit" || (to == "sandbox" && matches!(room(from), "contexts" | "connectors")))
    {
        return true;
    }
    if to == "platform/kernel" {
        return true;
    }
    match (room(from), room(to)) {
        ("app", "platform" | "contracts" | "connectors" | "contexts" | "sandbox") => to != "platform/testkit",
        ("contexts", "platform") => to != "platform/testkit",
        ("contexts", "contracts") => true,
        ("contexts", "connectors") => matches!(
            (from, to),
            ("contexts/api", "connectors/apogee")
                | ("contexts/maquette", "connectors/kofr" | "connectors/eve")
                | ("contexts/gre", "connectors/eve")
                | ("contexts/iexam", "connectors/paybox")
        ),
        ("sandbox", "connectors") => true,
        ("platform", "platform") => {
            from == "platform/testkit"
                || (matches!(from, "platform/jobs" | "platform/web" | "platform/mail") && to == "platform/db")
        }
        _ => false,
    }
}

fn refused(arrows: &[Arrow]) -> Vec<&Arrow> {
    arrows.iter().filter(|arrow| !allowed(arrow)).collect()
}

/// The arrows between the crates of the workspace.
fn drawn() -> Vec<Arrow> {
    let metadata = MetadataCommand::new()
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo metadata");
    let root = metadata.workspace_root.clone();
    let folder = |manifest: &cargo_metadata::camino::Utf8Path| {
        let folder =
            if manifest.ends_with("Cargo.toml") { manifest.parent().expect("folder") } else { manifest };
        folder.strip_prefix(&root).expect("in the workspace").to_string()
    };
    let folders: BTreeMap<_, _> =
        metadata.packages.iter().map(|p| (p.name.to_string(), folder(&p.manifest_path))).collect();
    let mut arrows = Vec::new();
    for package in &metadata.packages {
        for dependency in package.dependencies.iter().filter(|d| d.path.is_some()) {
            let to = folders
                .get(&dependency.name)
                .unwrap_or_else(|| panic!("{} is not of the workspace", dependency.name));
            let test = dependency.kind == DependencyKind::Development;
            arrows.push(Arrow { from: folder(&package.manifest_path), to: to.clone(), test });
        }
    }
    arrows
}

#[test]
fn every_arrow_is_in_the_table() {
    let arrows = drawn();
    assert!(
        arrows.contains(&Arrow::new("app", "contexts/maquette")),
        "the workspace was not read: {arrows:?}"
    );
    let refused = refused(&arrows);
    assert!(refused.is_empty(), "these arrows are not in the table:\n{refused:#?}");
}

#[test]
fn an_arrow_that_is_not_in_the_table_is_refused() {
    let forbidden = [
        Arrow::new("contexts/maquette", "contexts/api"),
        Arrow::new("contexts/maquette", "connectors/apogee"),
        Arrow::new("contexts/api", "connectors/kofr"),
        Arrow::new("contexts/epeda", "connectors/paybox"),
        Arrow::new("connectors/paybox", "platform/web"),
        Arrow::new("contexts/api", "app"),
        Arrow::new("contexts/api", "sandbox"),
        Arrow::new("contexts/api", "platform/testkit"),
        Arrow::new("contracts", "platform/db"),
        Arrow::new("connectors/kofr", "contracts"),
        Arrow::new("connectors/kofr", "platform/db"),
        Arrow::new("platform/kernel", "platform/db"),
        Arrow::new("platform/db", "platform/jobs"),
        Arrow::new("platform/jobs", "platform/web"),
        Arrow::new("platform/web", "contexts/maquette"),
        Arrow::new("sandbox", "contexts/api"),
        Arrow::new("sandbox", "platform/db"),
        Arrow::new("app", "platform/testkit"),
        Arrow::in_tests("contexts/maquette", "contexts/api"),
        Arrow::in_tests("platform/web", "sandbox"),
    ];
    assert_eq!(refused(&forbidden).len(), forbidden.len(), "{:?}", refused(&forbidden));
}

#[test]
fn the_arrows_of_the_table_are_accepted() {
    let accepted = [
        Arrow::new("contexts/api", "connectors/apogee"),
        Arrow::new("contexts/maquette", "connectors/eve"),
        Arrow::new("contexts/iexam", "connectors/paybox"),
        Arrow::new("contexts/maquette", "contracts"),
        Arrow::new("contracts", "platform/kernel"),
        Arrow::new("platform/jobs", "platform/db"),
        Arrow::new("sandbox", "connectors/apogee"),
        Arrow::in_tests("platform/db", "platform/testkit"),
        Arrow::in_tests("connectors/apogee", "sandbox"),
    ];
    assert!(refused(&accepted).is_empty(), "{:?}", refused(&accepted));
}
