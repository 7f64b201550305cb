;;; Runs a real Emacs, set up as docs/editors.md says, with the real server.  -*- lexical-binding: t -*-
;;
;; PATH=folder/of/tencent-cam:$PATH emacs --batch -l editors/emacs/test.el -f ert-run-tests-batch-and-exit

(require 'ert)
(require 'flymake)

(defconst policy "{
  \"version\": \"2.0\",
  \"statement\": [
    {
      \"effect\": \"deny\",
      \"action\": [\"trtc:GetUserList\", \"trtc:RemoveUser\"],
      \"resource\": [\"qcs::trtc::uin/100000000001:sdkappid/1400000001\"]
    }
  ]
}
")

;; The set-up is the one that readers get.
(with-temp-buffer
  (insert-file-contents "docs/editors.md")
  (re-search-forward "^## Emacs$")
  (re-search-forward "^```elisp\n")
  (let ((start (point)))
    (re-search-forward "^```$")
    (eval-region start (match-beginning 0))))

(defun wait-until (what done)
  "Wait until the function DONE returns something, and return it."
  (let ((until (+ (float-time) 20)) result)
    (while (not (setq result (funcall done)))
      (when (> (float-time) until) (error "%s did not come" what))
      (accept-process-output nil 0.05))
    result))

(defun findings (count)
  "Wait until flymake shows COUNT findings, and return the texts that they underline."
  (flymake-start)
  (wait-until (format "%d findings" count)
              (lambda ()
                (let ((all (flymake-diagnostics)))
                  (and (= (length all) count)
                       (list (mapcar (lambda (one) (buffer-substring (flymake-diagnostic-beg one) (flymake-diagnostic-end one)))
                                     all)))))))

(defmacro with-policy (&rest body)
  "Run BODY in a buffer with a file of the policy, which the server knows."
  `(let* ((folder (make-temp-file "tencent-cam" t))
          (file (expand-file-name "policy.json" folder)))
     (make-directory (expand-file-name ".git" folder))
     (write-region policy nil file nil 'quiet)
     (with-current-buffer (find-file-noselect file)
       (unwind-protect
           (progn (run-hooks 'post-command-hook) ; what starts the server once the file is shown
                  (wait-until "the server" #'eglot-current-server)
                  (findings 1)
                  ,@body)
         (when (eglot-current-server) (eglot-shutdown (eglot-current-server)))
         (set-buffer-modified-p nil)
         (kill-buffer)
         (delete-directory folder t)))))

(ert-deftest findings-stand-where-the-mistake-is ()
  (with-policy
   (should (equal (findings 1) '(("trtc:GetUserList"))))
   (goto-char (point-min))
   (search-forward "\"trtc:GetUserList\", ")
   (replace-match "")
   (eglot--signal-textDocument/didChange)
   (findings 0)))

(ert-deftest an-action-is-completed ()
  (with-policy
   (goto-char (point-min))
   (search-forward "trtc:RemoveUser")
   (delete-char -3)
   (let ((completion (eglot-completion-at-point)))
     (should (member "trtc:RemoveUser"
                     (all-completions "trtc:RemoveU" (nth 2 completion)))))))

(ert-deftest a-fix-is-made ()
  (with-policy
   (goto-char (point-min))
   (search-forward "GetUser")
   (cl-letf (((symbol-function 'completing-read)
              (lambda (_ titles &rest _)
                (let ((titles (mapcar (lambda (one) (if (consp one) (car one) one)) titles)))
                  (cl-find-if (lambda (title) (string-prefix-p "Put it into a statement" title)) titles)))))
     ;; eglot asks with a menu after a click, for which it takes anything that is no key.
     (let ((last-nonmenu-event ?a)) (call-interactively #'eglot-code-actions)))
   (eglot--signal-textDocument/didChange)
   (findings 0)
   (should (string-match-p "\"resource\": \\[\"\\*\"\\]" (buffer-string)))))

(ert-deftest a-file-gets-its-layout ()
  (with-policy
   (eglot-format-buffer)
   (should (string-match-p "^        \"trtc:GetUserList\",$" (buffer-string)))))
