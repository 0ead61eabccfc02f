"""Records of long runs: kept as results/record, and brought back without training."""

if RECORDED:

    rule take_recorded:
        input:
            RECORDED.values(),
        output:
            RECORDED.keys(),
        log:
            "logs/take_recorded.log",
        localrule: True
        conda:
            "../envs/data.yaml"
        params:
            code=code_of("take_recorded.py"),
        message:
            "Taking what was recorded"
        script:
            "../workflow_scripts/take_recorded.py"

    ruleorder: take_recorded > import_statistics > evaluate
    ruleorder: take_recorded > simulate
    ruleorder: take_recorded > simulate_sac_sma
    ruleorder: take_recorded > build_store
    ruleorder: take_recorded > select_basins
    ruleorder: take_recorded > locate_gauges
    ruleorder: take_recorded > train
    ruleorder: take_recorded > fine_tune
    ruleorder: take_recorded > continue_training
    ruleorder: take_recorded > calibrate_hbv
    ruleorder: take_recorded > calibrate_shyft
    ruleorder: take_recorded > regionalise_hbv
    ruleorder: take_recorded > derive_inputs
    ruleorder: take_recorded > score_epochs
    ruleorder: take_recorded > trace_epochs
    ruleorder: take_recorded > trace_cell_state
    ruleorder: take_recorded > correlate_basins
    ruleorder: take_recorded > read_nwm
    ruleorder: take_recorded > rank_attributes
    ruleorder: take_recorded > screen_attributes
    ruleorder: take_recorded > embed_basins
    ruleorder: take_recorded > cluster_basins
    ruleorder: take_recorded > reduce_variance
    ruleorder: take_recorded > project_basins
    ruleorder: take_recorded > perturb_attributes
    ruleorder: take_recorded > collect_coverage

    if FROM_FILES:

        ruleorder: take_recorded > read_benchmark_files

    if P19A.authors_weights:

        ruleorder: take_recorded > convert_authors_weights

    if P19A.stored_simulations:

        ruleorder: take_recorded > evaluate_stored
        ruleorder: take_recorded > compare_authors_simulations

else:

    rule record:
        input:
            all_results(),
        output:
            record=directory("results/record"),
        log:
            "logs/record.log",
        localrule: True
        conda:
            "../envs/data.yaml"
        params:
            shown={name: shown_series(RESOLVED[name]) for name in config["papers"]},
            experiments={name: RESOLVED[name].own_results for name in config["papers"]},
            code=code_of("record_results.py"),
        message:
            "Recording what this run gave"
        script:
            "../workflow_scripts/record_results.py"
