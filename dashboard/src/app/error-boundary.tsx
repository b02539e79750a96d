import { Component, type ReactNode } from 'react';
import { BrokenPage } from './broken-page.js';

interface Props {
  readonly children: ReactNode;
}

/** Keeps what breaks a page to that page: navigation stays, and the page says what to do. */
export class ErrorBoundary extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <BrokenPage /> : this.props.children;
  }
}
