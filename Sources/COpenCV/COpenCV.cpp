#include "COpenCV.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace {

// Runs `body`; an exception becomes `failure`.
template <typename Result, typename Body>
Result guarded(Result failure, Body body) noexcept {
  // Once: OpenCV's own threads would compete with those that work on other fields.
  static const bool alone = (cv::setNumThreads(0), true);
  (void)alone;
  try {
    return body();
  } catch (...) {
    return failure;
  }
}

cv::Mat grey(float *pixels, int32_t width, int32_t height) {
  return cv::Mat(height, width, CV_32F, pixels);
}

cv::Mat colour(uint8_t *pixels, int32_t width, int32_t height) {
  return cv::Mat(height, width, CV_8UC3, pixels);
}

cv::Scalar scalar(const uint8_t *color) { return cv::Scalar(color[0], color[1], color[2]); }

}  // namespace

bool ccv_smooth(float *pixels, int32_t width, int32_t height, double sigma) {
  return guarded(false, [&] {
    cv::Mat plane = grey(pixels, width, height);
    cv::GaussianBlur(plane, plane, cv::Size(0, 0), sigma, sigma, cv::BORDER_REPLICATE);
    return true;
  });
}

bool ccv_open(float *pixels, int32_t width, int32_t height, int32_t radius) {
  return guarded(false, [&] {
    cv::Mat plane = grey(pixels, width, height);
    const cv::Mat square =
        cv::getStructuringElement(cv::MORPH_RECT, cv::Size(2 * radius + 1, 2 * radius + 1));
    cv::morphologyEx(plane, plane, cv::MORPH_OPEN, square);
    return true;
  });
}

bool ccv_open_mask(uint8_t *mask, int32_t width, int32_t height, int32_t radius) {
  return guarded(false, [&] {
    cv::Mat plane(height, width, CV_8U, mask);
    const cv::Mat disc =
        cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(2 * radius + 1, 2 * radius + 1));
    cv::morphologyEx(plane, plane, cv::MORPH_OPEN, disc);
    return true;
  });
}

bool ccv_dilate(float *pixels, int32_t width, int32_t height, int32_t radius) {
  return guarded(false, [&] {
    cv::Mat plane = grey(pixels, width, height);
    const cv::Mat square =
        cv::getStructuringElement(cv::MORPH_RECT, cv::Size(2 * radius + 1, 2 * radius + 1));
    cv::dilate(plane, plane, square);
    return true;
  });
}

bool ccv_mean(float *pixels, int32_t width, int32_t height, int32_t radius) {
  return guarded(false, [&] {
    cv::Mat plane = grey(pixels, width, height);
    cv::blur(plane, plane, cv::Size(2 * radius + 1, 2 * radius + 1), cv::Point(-1, -1),
             cv::BORDER_REPLICATE);
    return true;
  });
}

bool ccv_resize(const float *from, int32_t width, int32_t height, float *to, int32_t to_width,
                int32_t to_height) {
  return guarded(false, [&] {
    // OpenCV's matrices are not const, but `resize` only reads its first.
    const cv::Mat source = grey(const_cast<float *>(from), width, height);
    cv::Mat target = grey(to, to_width, to_height);
    const bool shrinks = to_width < width || to_height < height;
    cv::resize(source, target, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return target.ptr<float>() == to;
  });
}

int32_t ccv_regions(const uint8_t *mask, int32_t width, int32_t height, int32_t *labels) {
  return guarded(-1, [&] {
    const cv::Mat source(height, width, CV_8U, const_cast<uint8_t *>(mask));
    cv::Mat target(height, width, CV_32S, labels);
    return cv::connectedComponents(source, target, 4, CV_32S) - 1;
  });
}

bool ccv_draw_box(uint8_t *pixels, int32_t width, int32_t height, int32_t left, int32_t top,
                  int32_t right, int32_t bottom, const uint8_t *color) {
  return guarded(false, [&] {
    cv::Mat picture = colour(pixels, width, height);
    cv::rectangle(picture, cv::Point(left, top), cv::Point(right, bottom), scalar(color));
    return true;
  });
}

bool ccv_draw_text(uint8_t *pixels, int32_t width, int32_t height, const char *text, int32_t x,
                   int32_t y, double scale, const uint8_t *color) {
  return guarded(false, [&] {
    cv::Mat picture = colour(pixels, width, height);
    const auto font = cv::FONT_HERSHEY_SIMPLEX;
    cv::putText(picture, text, cv::Point(x, y), font, scale, cv::Scalar(0, 0, 0), 3, cv::LINE_AA);
    cv::putText(picture, text, cv::Point(x, y), font, scale, scalar(color), 1, cv::LINE_AA);
    return true;
  });
}

int32_t ccv_text_width(const char *text, double scale) {
  return guarded(0, [&] {
    int baseline = 0;
    return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &baseline).width;
  });
}
