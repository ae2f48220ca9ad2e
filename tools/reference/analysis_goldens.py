"""Makes Tests/CytoselfAnalysisTests/Fixtures: small golden numbers of the Python libraries.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 umap-learn==0.5.12
    python tools/reference/analysis_goldens.py
"""

import json
import pathlib

import numpy as np
import scipy.cluster.hierarchy as hierarchy
import sklearn.manifold
import sklearn.neighbors
from sklearn.decomposition import PCA
from umap import umap_

OUT = pathlib.Path(__file__).parents[2] / "Tests/CytoselfAnalysisTests/Fixtures"


def rounded(array, digits=9):
    return [float(f"{x:.{digits}g}") for x in np.asarray(array, float).ravel()]


def write(name, **content):
    (OUT / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


def umap_stages():
    """Neighbours to spectral start on 150 points of three curved clusters in six dimensions."""
    r = np.random.default_rng(7)
    label = np.repeat([0, 1, 2], 50)
    t = r.uniform(0, 3, 150)
    data = np.stack([np.cos(t), np.sin(t), t / 2, 0 * t, 0 * t, 0 * t], 1)
    data += r.normal(size=(150, 6)) * 0.15 + np.array([[0] * 6, [1.2] * 6, [2, 0, 1, 0, 1, 0]])[label]
    data = np.float32(np.round(data, 4))
    k = 12
    goldens = {}
    for metric in ["euclidean", "cosine", "correlation"]:
        search = sklearn.neighbors.NearestNeighbors(n_neighbors=k, metric=metric, algorithm="brute")
        distances, indices = search.fit(data.astype(float)).kneighbors(data.astype(float))
        assert (indices[:, 0] == np.arange(150)).all()
        goldens[metric] = {"indices": indices.ravel().tolist(), "distances": rounded(distances, 8)}
    distances = np.float32(np.array(goldens["euclidean"]["distances"]).reshape(150, k))
    indices = np.array(goldens["euclidean"]["indices"]).reshape(150, k)
    sigmas, rhos = umap_.smooth_knn_dist(distances, float(k))
    graph, _, _ = umap_.fuzzy_simplicial_set(
        data, k, np.random.RandomState(0), "euclidean", knn_indices=indices, knn_dists=distances)
    graph = graph.tocoo()
    order = np.lexsort((graph.col, graph.row))
    # The first cluster alone makes a connected graph.
    first = distances[:50], indices[:50]
    assert (first[1] < 50).all()
    part, _, _ = umap_.fuzzy_simplicial_set(
        data[:50], k, np.random.RandomState(0), "euclidean", knn_indices=first[1],
        knn_dists=first[0])
    dense = part.toarray().astype(float)
    scale = 1 / np.sqrt(dense.sum(0))
    values, vectors = np.linalg.eigh(np.eye(50) - scale[:, None] * dense * scale[None, :])
    write(
        "umap_stages.json", rows=150, columns=6, neighbors=k, data=rounded(data, 7),
        label=label.tolist(), knn=goldens, sigmas=rounded(sigmas), rhos=rounded(rhos),
        row=graph.row[order].tolist(), col=graph.col[order].tolist(),
        weight=rounded(graph.data[order]), laplacian_eigenvalues=rounded(values[:4], 12),
        laplacian_vectors=rounded(vectors[:, 1:3], 9),
        ab={f"{d},{s}": list(map(float, umap_.find_ab_params(s, d)))
            for d, s in [(0.1, 1.0), (0.0, 1.0), (0.5, 1.0), (0.99, 1.0), (0.1, 2.0)]},
        trustworthiness=float(sklearn.manifold.trustworthiness(data, data[:, :2], n_neighbors=15)),
    )


def principal_components():
    r = np.random.default_rng(3)
    data = np.float32(np.round(r.normal(size=(90, 12)) @ np.diag(0.7 ** np.arange(12)) + 5, 4))
    pca = PCA(n_components=5, svd_solver="full").fit(data.astype(float))
    components = pca.components_ * np.sign(
        pca.components_[np.arange(5), np.abs(pca.components_).argmax(1)])[:, None]
    write(
        "principal_components.json", rows=90, columns=12, data=rounded(data, 7),
        variances=rounded(pca.explained_variance_), shares=rounded(pca.explained_variance_ratio_),
        components=rounded(components))


def spectrum():
    """Average linkage as seaborn calls it, with whole numbers that tie often."""
    r = np.random.default_rng(11)
    cases = {}
    for name, points in {
        "gaussian": np.round(r.normal(size=(40, 6)), 4),
        "ties": r.integers(0, 3, size=(40, 3)).astype(float),
        "equal": np.ones((6, 2)),
    }.items():
        linkage = hierarchy.linkage(points, method="average", metric="euclidean")
        cases[name] = {
            "rows": points.shape[0], "columns": points.shape[1], "points": rounded(points, 7),
            "linkage": rounded(linkage, 12), "leaves": hierarchy.leaves_list(linkage).tolist()}
    counts = r.integers(0, 5, size=(7, 9)).astype(float)
    counts[:, 4] = 2
    with np.errstate(all="ignore"):
        correlation = np.nan_to_num(np.corrcoef(counts.T))
    write(
        "spectrum.json", linkage=cases, counts=rounded(counts), correlation=rounded(correlation, 12))


OUT.mkdir(exist_ok=True)
umap_stages()
principal_components()
spectrum()
