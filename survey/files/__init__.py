"""Files of a study: conversion from bytes to values, and from values to bytes."""
